import { FACE_PARTS } from '../../pose/channels.ts';
import type { Scheme } from './scheme.ts';

/** Apple's `ARFaceAnchor.BlendShapeLocation`; exporters also write `eyeBlink_L` for `eyeBlinkLeft`. */
export const ARKIT: Scheme = {
  id: 'arkit',
  title: 'ARKit 52',
  names: Object.fromEntries(
    FACE_PARTS.map((part) => [part, [part, part.replace(/Left$/, '_L').replace(/Right$/, '_R')]]),
  ),
};
