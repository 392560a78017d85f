import { targetsOf } from './links.ts';
import { commonPrefix, keyOf, lastPart } from './names.ts';
import type { Pull } from './pull.ts';
import type { Rig } from './rig.ts';

/** Finds targets and expressions of a rig by name, whatever case, separators, namespaces and prefixes they have. */
export class NameIndex {
  /** By the name as it stands, without a namespace, or without what all names of the mesh begin with. */
  readonly #exact = new Map<string, Pull[]>();
  readonly #whole = new Map<string, Pull[]>();
  /** By the name from each of its words on. */
  readonly #endings = new Map<string, Pull[]>();

  constructor(rig: Rig) {
    rig.expressions.forEach(({ name, preset }, expression) => {
      if (preset || targetsOf(rig, expression).length === 0) return;
      this.#add(name, '', { on: 'expression', expression, name, gain: 1 });
    });
    rig.meshes.forEach(({ targets }, mesh) => {
      const prefix = commonPrefix(targets);
      targets.forEach((name, target) => {
        this.#add(name, prefix, { on: 'target', mesh, target, name, gain: 1 });
      });
    });
  }

  /** Everything of that name. `whole`: it must have the whole of it. `exact`: case and separators count. */
  find(name: string, whole: boolean, exact: boolean): readonly Pull[] {
    if (exact) return onceEach(this.#exact.get(name) ?? [], name);
    return onceEach((whole ? this.#whole : this.#endings).get(keyOf(name)) ?? [], name);
  }

  #add(name: string, prefix: string, pull: Pull): void {
    const plain = uncounted(name);
    const forms = [name, lastPart(name), plain, lastPart(plain), plain.slice(prefix.length)];
    for (const form of new Set(forms)) put(this.#exact, form, pull);
    for (const key of new Set(forms.map(keyOf))) put(this.#whole, key, pull);
    const words = plain.split(/[^\p{L}\p{N}]+/u);
    const endings = words.map((_, from) => keyOf(words.slice(from).join('')));
    for (const key of new Set([...forms.map(keyOf), ...endings])) put(this.#endings, key, pull);
  }
}

/** Blender counts what has the same name. */
const uncounted = (name: string): string => name.replace(/[._]\d{3}$/, '');

/** Of targets of one mesh whose names are alike but for case, separators and a count, the one that is meant. */
function onceEach(pulls: readonly Pull[], asked: string): readonly Pull[] {
  if (pulls.length < 2) return pulls;
  const best = new Map<string, Pull>();
  const far = ({ name }: Pull): number =>
    name === asked ? 0 : name.endsWith(asked) ? 1 : name === uncounted(name) ? 2 : 3;
  for (const pull of pulls) {
    const key = `${pull.on === 'target' ? pull.mesh : ''}/${keyOf(uncounted(pull.name))}`;
    const other = best.get(key);
    if (!other || far(pull) < far(other)) best.set(key, pull);
  }
  return pulls.filter((pull) => [...best.values()].includes(pull));
}

function put(map: Map<string, Pull[]>, key: string, pull: Pull): void {
  if (key === '') return;
  const list = map.get(key);
  if (list) list.push(pull);
  else map.set(key, [pull]);
}
