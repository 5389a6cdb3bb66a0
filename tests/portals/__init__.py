"""The sample portals: five invented county sites on loopback, and the truth about what they publish."""
