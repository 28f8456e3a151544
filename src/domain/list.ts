/** Where a page of a list begins: beside the row with that key and id. */
export type Place = { readonly key: string; readonly id: string };

/** Which page of a list: sorted how, beginning where; `back`: the page that ends there. */
export type Paging<Sort extends string> = {
  readonly sort: Sort;
  readonly desc: boolean;
  readonly place?: Place | undefined;
  readonly back?: boolean | undefined;
  readonly limit: number;
};

/** A row, and where the page after it begins. */
export type Placed<Row> = { readonly row: Row; readonly place: Place };

/** So far lists are counted; one more is asked for, and «more than» says the rest. */
export const COUNTED = 1000;

const PLAIN: Readonly<Record<string, string>> = Object.fromEntries(
  ['aÁÀÄÂáàäâ', 'eÉÈËÊéèëê', 'iÍÌÏÎíìïî', 'oÓÒÖÔóòöô', 'uÚÙÜÛúùüû', 'nÑñ'].flatMap(([plain = '', ...all]) =>
    all.map((letter) => [letter, plain]),
  ),
);

/** As one looks for it: without accents, in small letters. The database does the same (`folded`). */
export const folded = (said: string): string =>
  said.replace(/[^\0-\x7f]/g, (letter) => PLAIN[letter] ?? letter).replace(/[A-Z]/g, (letter) => letter.toLowerCase());
