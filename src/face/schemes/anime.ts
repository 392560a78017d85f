import type { Scheme } from './scheme.ts';

/** VRoid Studio's shapes, which stand in the file beside the expressions of its VRM. */
export const VROID: Scheme = {
  id: 'vroid',
  title: 'VRoid',
  names: {
    aa: ['Fcl_MTH_A'],
    I: ['Fcl_MTH_I'],
    U: ['Fcl_MTH_U'],
    E: ['Fcl_MTH_E'],
    O: ['Fcl_MTH_O'],
    eyeBlink: ['Fcl_EYE_Close'],
    eyeBlinkLeft: ['Fcl_EYE_Close_L'],
    eyeBlinkRight: ['Fcl_EYE_Close_R'],
    eyeSquint: ['Fcl_EYE_Fun'],
    eyeWide: ['Fcl_EYE_Spread'],
    mouthSmile: ['Fcl_MTH_Fun'],
    mouthFrown: ['Fcl_MTH_Angry'],
    mouthPucker: ['Fcl_MTH_Small'],
    browInnerUp: ['Fcl_BRW_Sorrow'],
    browOuterUp: ['Fcl_BRW_Surprised'],
    browDown: ['Fcl_BRW_Angry'],
    happy: ['Fcl_ALL_Joy'],
    angry: ['Fcl_ALL_Angry'],
    sad: ['Fcl_ALL_Sorrow'],
    relaxed: ['Fcl_ALL_Fun'],
    surprised: ['Fcl_ALL_Surprised'],
  },
};

/** MikuMikuDance's usual morphs; which wink is whose left is settled by usage: the plain one closes the left eye. */
export const MMD: Scheme = {
  id: 'mmd',
  title: 'MMD',
  whole: true,
  names: {
    aa: ['あ'],
    I: ['い'],
    U: ['う'],
    E: ['え'],
    O: ['お'],
    eyeBlink: ['まばたき'],
    eyeBlinkLeft: ['ウィンク２', 'ウインク２'],
    eyeBlinkRight: ['ウィンク２右', 'ウインク２右'],
    eyeSquint: ['じと目'],
    eyeWide: ['びっくり'],
    mouthSmile: ['口角上げ'],
    mouthFrown: ['口角下げ'],
    mouthStretch: ['口横広げ'],
    browInnerUp: ['困る'],
    browOuterUp: ['上'],
    browDown: ['怒り', '下'],
    cheekPuff: ['ぷくー', 'ぷく'],
    tongueOut: ['ぺろっ'],
  },
};

/** Five vowels by their letters, as VRM and many Japanese models have them. */
export const VOWELS: Scheme = {
  id: 'vowels',
  title: 'five vowels',
  prefixes: ['', 'mth_', 'mouth_', 'vowel_', 'lip_', 'v_', 'phoneme_'],
  whole: true,
  needs: ['a', 'i', 'u', 'e', 'o'],
  names: { aa: ['a'], I: ['i'], U: ['u'], E: ['e'], O: ['o'] },
};

/** Five vowels by the names of VRM 1's presets. */
export const VRM_VOWELS: Scheme = {
  id: 'vrm-vowels',
  title: 'VRM vowels',
  prefixes: VOWELS.prefixes!,
  whole: true,
  needs: ['aa', 'ih', 'ou', 'ee', 'oh'],
  names: { aa: ['aa'], I: ['ih'], U: ['ou'], E: ['ee'], O: ['oh'] },
};
