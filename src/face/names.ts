/** A name as it is compared: lower case, letters and digits only, full and half width the same. */
export function keyOf(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** The part of a name after its last namespace separator. */
export function lastPart(name: string): string {
  return name.slice(Math.max(...[...':.|/'].map((separator) => name.lastIndexOf(separator))) + 1);
}

/** The words of a name: cut at whatever is no letter or digit, and before capitals; in lower case. */
export function wordsOf(name: string): string[] {
  return name
    .normalize('NFKC')
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** What all of several names begin with, up to the end of a word; nothing for fewer than three names. */
export function commonPrefix(names: readonly string[]): string {
  if (names.length < 3) return '';
  let length = 0;
  while (length < names[0]!.length && names.every((name) => name[length] === names[0]![length])) length++;
  const shared = names[0]!.slice(0, length);
  return shared.slice(0, shared.search(/[^\p{L}\p{N}][\p{L}\p{N}]*$/u) + 1);
}

/** Whether the name is one that a loader gives to targets without one. */
export const isNameless = (name: string): boolean =>
  /^(morphtarget|target|shape|key)?[ _.-]?\d*$/i.test(name);
