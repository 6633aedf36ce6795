/** For screen and paper; black, and colour only where something happened. */
export const STYLE = `
@page { size: A4; margin: 15mm 14mm 16mm; }
* { box-sizing: border-box; }
body { font: 14px/1.45 "IBM Plex Sans", system-ui, sans-serif; color: #14171a; background: #fff; margin: 0 auto; max-width: 1000px; padding: 24px 20px 60px; font-variant-numeric: tabular-nums lining-nums; }
h1 { font-size: 30px; line-height: 1.15; margin: 0 0 10px; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 34px 0 10px; padding-bottom: 4px; border-bottom: 1.5px solid #14171a; }
h3 { font-size: 15px; margin: 0 0 8px; overflow-wrap: anywhere; }
.kind { margin: 0; color: #525a60; }
.what { margin: 0 0 10px; }
.verdict { font-size: 16px; font-weight: 600; margin: 14px 0 0; }
.note { color: #525a60; }
table { border-collapse: collapse; width: 100%; margin: 8px 0 14px; font-size: 13px; }
th { text-align: left; font-weight: 600; color: #3b4248; border-bottom: 1px solid #646c72; padding: 3px 10px 3px 0; }
td { vertical-align: top; padding: 3px 10px 3px 0; border-bottom: 1px solid #dde0e2; overflow-wrap: anywhere; }
tr { break-inside: avoid; }
article { border: 1px solid #b4babe; border-left: 5px solid #0a548f; border-radius: 3px; padding: 12px 14px 6px; margin: 0 0 16px; }
article.warning { border-left-color: #f5a800; }
article.critical { border-left-color: #b3260f; }
.number { display: inline-block; min-width: 22px; padding: 0 5px; margin-right: 4px; text-align: center; border: 1px solid #14171a; border-radius: 2px; }
dl { display: grid; grid-template-columns: 1fr 1fr; gap: 1px 22px; margin: 0 0 8px; font-size: 13px; }
dl div { display: flex; gap: 8px; }
dt { color: #3b4248; flex: 0 0 104px; }
dd { margin: 0; overflow-wrap: anywhere; }
figure { margin: 0 0 10px; break-inside: avoid; }
figcaption { font-size: 12.5px; color: #3b4248; }
.key { display: inline-block; width: 18px; border-top: 2.5px solid #14171a; vertical-align: middle; }
.key.before { border-top: 2.5px dashed #3f6c8c; }
svg { display: block; width: 100%; height: auto; }
svg image { image-rendering: pixelated; }
svg .frame { fill: none; stroke: #646c72; }
svg .tick { stroke: #646c72; fill: none; }
svg .num, svg .title, svg .track, svg .mark { font-size: 12px; fill: #3b4248; }
svg .track { paint-order: stroke; stroke: #fff; stroke-width: 3px; }
svg .mark { font-weight: 600; fill: #7a4a00; }
svg .line, svg .after { fill: none; stroke: #101315; stroke-width: 1.2; }
svg .band { fill: #10131533; stroke: #101315; stroke-width: 0.8; }
svg .before { fill: none; stroke: #3f6c8c; stroke-width: 1.3; stroke-dasharray: 5 3; }
svg .chance { fill: #14171a14; }
svg .region { fill: #f5a80055; }
svg .threshold { stroke: #14171a; stroke-dasharray: 5 4; fill: none; }
svg .onset { stroke: #c17d00; stroke-width: 1; fill: none; }
svg .raised { stroke: #7a4a00; stroke-width: 1.5; fill: none; }
svg .stop { stroke: #b3260f; stroke-width: 2.5; fill: none; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: 12px/1.4 ui-monospace, monospace; background: #f4f5f5; border: 1px solid #dde0e2; padding: 10px 12px; }
code { font: 12px ui-monospace, monospace; overflow-wrap: anywhere; }
footer { margin-top: 30px; border-top: 1px solid #646c72; font-size: 12.5px; color: #3b4248; }
@media print {
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  h2 { break-after: avoid; }
  article { break-inside: avoid; }
  pre { background: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
@media (max-width: 640px) { dl { grid-template-columns: 1fr; } }
`;
