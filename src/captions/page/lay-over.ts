/** Lays an element over all of another, and returns what takes it away again. */
export function layOver(parent: HTMLElement, element: HTMLElement): () => void {
  const { style } = parent;
  const before = style.position;
  const positioned = parent === parent.ownerDocument.body || getComputedStyle(parent).position !== 'static';
  if (!positioned) style.position = 'relative';
  if (parent === parent.ownerDocument.body) element.style.position = 'fixed';
  parent.append(element);
  return () => {
    element.remove();
    if (!positioned) style.position = before;
  };
}
