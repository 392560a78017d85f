import { BASE_VERTICES, type ProxyMesh, readProxy } from './makehuman.ts';

/** Reference distances of a proxy's offsets: `|shape[a] - shape[b]|` along x, y, z divided by `per`. */
interface Scale {
  pairs: readonly (readonly [number, number])[];
  per: readonly number[];
}

const HEAD = [
  [5399, 11998],
  [791, 881],
  [962, 5320],
] as const;
const head = (...per: number[]): Scale => ({ pairs: HEAD, per });

/**
 * The `x_scale`/`y_scale`/`z_scale` lines of each proxy's .mhclo file in makehumancommunity/makehuman-assets; the
 * npm package dropped them.
 */
const SCALES: [RegExp, Scale][] = [
  [/HighPolyEyes/, head(1.6482, 2.7213, 2.2795)],
  [/Eyelashes01|tongue01|afro01|short04|fedora/, head(1.48, 2.3298, 1.9221)],
  [/eyebrow/, head(1.416, 2.3073, 1.9231)],
  [/casualsuit|short02/, head(1.434, 2.4098, 2.0001)],
  [/hair/, head(1.398, 2.2048, 1.8461)],
  [
    /Teeth_Base/,
    {
      pairs: [
        [15077, 15111],
        [14993, 15061],
        [15061, 15068],
      ],
      per: [0.5002, 0.3132, 0.4465],
    },
  ],
  [
    /shoes/,
    {
      pairs: [
        [12839, 12860],
        [12828, 12888],
        [11609, 12442],
      ],
      per: [0.7045, 0.5875, 2.539],
    },
  ],
];

/** A proxy fitted to a shape. */
export interface Fitted {
  mesh: ProxyMesh;
  /** Fitted rest positions, dm. */
  positions: Float64Array;
  /** The same displacement on the proxy, dm. */
  follow(delta: Float64Array): Float64Array;
}

export function fitProxy(path: string, shape: Float64Array): Fitted {
  const mesh = readProxy(path);
  const scale = SCALES.find(([match]) => match.test(path))?.[1];
  if (!scale) throw new Error(`No scale lines for proxy ${path}`);
  const factors = scale.pairs.map(
    ([a, b], axis) => Math.abs(shape[a * 3 + axis]! - shape[b * 3 + axis]!) / scale.per[axis]!,
  );
  const blend = (of: ArrayLike<number>): Float64Array => {
    const out = new Float64Array(mesh.refs.length * 3);
    for (let v = 0; v < mesh.refs.length; v++)
      for (let k = 0; k < 3; k++)
        for (let c = 0; c < 3; c++)
          out[v * 3 + c] = out[v * 3 + c]! + mesh.weights[v]![k]! * of[mesh.refs[v]![k]! * 3 + c]!;
    return out;
  };
  const positions = blend(shape);
  for (let v = 0; v < mesh.refs.length; v++)
    for (let c = 0; c < 3; c++)
      positions[v * 3 + c] = positions[v * 3 + c]! + mesh.offsets[v]![c]! * factors[c]!;
  return { mesh, positions, follow: blend };
}

/** Base vertices that any of the proxies hides. */
export function hiddenBy(...proxies: Fitted[]): Uint8Array {
  const out = new Uint8Array(BASE_VERTICES);
  for (const { mesh } of proxies)
    mesh.hides.forEach((flag, v) => {
      if (flag) out[v] = 1;
    });
  return out;
}
