/** The first row and all others; the mark tells programs that it is UTF-8. */
export const CSV_BEGIN = '\uFEFF';

/** What a spreadsheet would take for a formula, in any width, also after blanks. */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;

/**
 * Text stays text: what begins like a formula gets an apostrophe, as OWASP advises. Separated by semicolons, as
 * spreadsheets set to Chile read it, where the comma is of decimals.
 */
export function csvRow(cells: readonly (string | number)[]): string {
  const cell = (value: string | number) => {
    if (typeof value === 'number') return String(value);
    const text = FORMULA.test(value) ? `'${value}` : value;
    return /[";,\r\n\t']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `${cells.map(cell).join(';')}\r\n`;
}
