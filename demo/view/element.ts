/** The element of the page with this id. Throws where the page and its script do not belong together. */
export function element<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind))
    throw new Error(`Expected <${kind.name} id="${id}"> in the page, got ${found?.tagName ?? 'nothing'}.`);
  return found;
}
