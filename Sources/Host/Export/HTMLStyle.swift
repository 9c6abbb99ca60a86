/// How an auditor's page looks, on a screen in the light and in the dark, and on paper.
enum HTMLStyle {
  static let text = """
    :root{--ink:#1c2430;--quiet:#667085;--paper:#fbfaf7;--card:#fff;--line:#e4e1d8;--good:#1a7f4b;--bad:#b3261e;\
    --mark:#ffe9a8;--accent:#24507a;color-scheme:light dark}
    @media (prefers-color-scheme:dark){:root{--ink:#e6e9ee;--quiet:#98a2b3;--paper:#14181e;--card:#1b2129;\
    --line:#2d3540;--good:#5bc48f;--bad:#ff8a80;--mark:#6b5310;--accent:#8ab4e0}}
    *{box-sizing:border-box}
    body{margin:0 auto;max-width:62rem;padding:3rem 1.5rem;background:var(--paper);color:var(--ink);\
    font:16px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif}
    .mark{margin:0;color:var(--accent);font-weight:600;letter-spacing:.08em;text-transform:uppercase;font-size:.75rem}
    h1{margin:.2rem 0;font:600 2rem/1.2 Georgia,"Times New Roman",serif}
    .range,.quiet,footer{color:var(--quiet)}
    .seal{margin:1.5rem 0 2.5rem;padding:1rem 1.25rem;border-left:4px solid var(--good);background:var(--card)}
    .seal.broken{border-color:var(--bad)}
    .seal h2{margin:0 0 .4rem;font-size:1.05rem;color:var(--good)}.seal.broken h2{color:var(--bad)}
    pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;font:.8rem/1.5 ui-monospace,Menlo,Consolas,monospace;\
    color:var(--quiet)}
    code,time{font:.78rem ui-monospace,Menlo,Consolas,monospace;color:var(--quiet);overflow-wrap:anywhere}
    .session{margin:0 0 .75rem;border:1px solid var(--line);border-radius:.5rem;background:var(--card)}
    .session>summary{padding:.8rem 1.1rem;cursor:pointer;display:flex;flex-wrap:wrap;gap:.3rem .8rem;\
    align-items:baseline}
    .session>summary span{color:var(--quiet);font-size:.88rem}.session>summary code{margin-left:auto}
    article{padding:.8rem 1.1rem;border-top:1px solid var(--line)}
    h3{margin:0 0 .4rem;font-size:.82rem;font-weight:600;display:flex;gap:.6rem;align-items:baseline}
    h3 a{color:var(--accent);text-decoration:none}h3 time{margin-left:auto;font-weight:400}
    dl{margin:.3rem 0;display:flex;flex-wrap:wrap;gap:.2rem 1.4rem;font-size:.88rem}
    dl div{display:flex;gap:.4rem}dt{color:var(--quiet)}dd{margin:0;overflow-wrap:anywhere}
    blockquote{margin:.6rem 0;padding:.1rem 0 .1rem 1rem;border-left:2px solid var(--line)}
    blockquote p{margin:.1rem 0;white-space:pre-wrap;overflow-wrap:anywhere}
    cite{font-style:normal;font-size:.75rem;color:var(--quiet);text-transform:uppercase;letter-spacing:.06em}
    mark{background:var(--mark);color:inherit;padding:0 .15em;border-radius:.2em}
    .kind,.denied{display:inline-block;padding:0 .45em;border:1px solid var(--line);border-radius:1em;\
    font-size:.75rem!important;margin-right:.2rem}
    .denied{color:var(--bad)!important;border-color:var(--bad)}
    .verdict{display:inline-block;margin:.1rem 0;font-weight:700;color:var(--good)}.verdict.deny{color:var(--bad)}
    ul{margin:.3rem 0;padding-left:1.2rem;font-size:.88rem}
    table{width:100%;border-collapse:collapse;font-size:.82rem}td{padding:.2rem .5rem .2rem 0;vertical-align:top}
    article details summary{cursor:pointer;font-size:.82rem;color:var(--quiet)}
    footer{margin-top:3rem;font-size:.85rem}
    @media print{body{max-width:none;padding:0;background:#fff}details>*{display:block!important}\
    .session{break-inside:auto;border-radius:0}article{break-inside:avoid}}

    """
}
