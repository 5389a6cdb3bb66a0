"""One season, played: what happens day by day is data (script/), what the audit must say of it too."""
