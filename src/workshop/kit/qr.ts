import { renderSVG, renderUnicodeCompact } from 'uqr';

/** A text as a QR code of half blocks, for a terminal, dark on light and light on dark alike. */
export function qrForTerminal(text: string): string {
  return renderUnicodeCompact(text, { ecc: 'L', border: 2 });
}

/** A text as a QR code, as an SVG that needs nothing else. */
export function qrSvg(text: string): string {
  return renderSVG(text, { ecc: 'L', border: 4 });
}
