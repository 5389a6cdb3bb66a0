"""The style of the audit page."""

STYLE = """\
:root { --ink: #1d2733; --soft: #5b6775; --line: #d9dee5; --green: #e3f3e6; --red: #fbdedc; --amber: #fdf0d2;
        --grey: #eceff2; --blue: #e2edfb; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem; color: var(--ink); background: #fff;
       font: 15px/1.6 "Source Han Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC",
       sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .2rem; } h2 { margin: 2.2rem 0 .6rem; font-size: 1.25rem; }
h3 { margin: 1.4rem 0 .5rem; font-size: 1.05rem; } h4 { margin: 0; font-size: 1rem; }
header p { margin: 0 0 1.2rem; color: var(--soft); } header b { color: var(--ink); }
a { color: #1f5fa8; overflow-wrap: anywhere; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { border: 1px solid var(--line); padding: .35rem .6rem; text-align: center; }
thead th { background: #f5f7f9; font-weight: 600; }
tbody th { text-align: left; font-weight: 500; white-space: nowrap; }
thead th { white-space: nowrap; } .sums { width: 100%; } .wide { overflow-x: auto; }
.wide tbody th, .wide thead th:first-child { position: sticky; left: 0; background: #fff; }
.wide thead th:first-child { background: #f5f7f9; }
@media (max-width: 40rem) { body { padding: .9rem; } tbody th { white-space: normal; min-width: 6.5rem; } }
.matrix td { min-width: 5.5rem; font-size: .9rem; }
.matrix td a { color: inherit; }
.green { background: var(--green); } .red { background: var(--red); } .amber { background: var(--amber); }
.grey { background: var(--grey); } .blue { background: var(--blue); } td.none { color: #aab3bd; }
article { border-left: 6px solid var(--line); padding: .7rem 1rem; margin: 0 0 .8rem; background: #fafbfc; }
article.red { border-color: #c8423a; background: #fdf3f2; }
article.amber { border-color: #d39a1b; background: #fefaf0; }
article.grey { border-color: #97a2ae; } article .status { margin: .1rem 0 .3rem; font-weight: 600; }
.en { color: var(--soft); font-weight: 400; font-size: .88rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .9rem; margin: .3rem 0;
     font-size: .92rem; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
ul { margin: .3rem 0; padding-left: 1.2rem; }
details { font-size: .88rem; } code { color: var(--soft); font-size: .82rem; overflow-wrap: anywhere; }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .9rem; }
@media print { body { max-width: none; padding: 0; } article { break-inside: avoid; } }
"""
