/** The first row and all others; the mark tells programs that it is UTF-8. */
export const CSV_BEGIN = '\uFEFF';

/** What a spreadsheet would take for a formula, in any width, also after blanks. */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;
/**
 * The same where somebody else may see a cell begin: who separates by commas or tabs heeds quotes at the begin of cells
 * of her own alone and ends a row at each line, and what she has then is split by semicolons afterwards. What is to come
 * is looked at first, so that long blanks are read once.
 */
const WITHIN = /(?=[=+\-@＝＋－＠])(?<=[,;\t\r\n"]\s*)/g;

/**
 * Text stays text, whatever the separator of the spreadsheet: what would begin like a formula gets an apostrophe, as
 * OWASP advises. Quotes alone do not keep it, since after a semicolon they are letters to whoever separates by commas.
 * Separated by semicolons, as spreadsheets set to Chile read it, where the comma is of decimals.
 */
export function csvRow(cells: readonly (string | number)[]): string {
  const cell = (value: string | number) => {
    if (typeof value === 'number') return String(value);
    const within = value.replaceAll(WITHIN, "'");
    const text = FORMULA.test(within) ? `'${within}` : within;
    return /[";,\r\n\t']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `${cells.map(cell).join(';')}\r\n`;
}
