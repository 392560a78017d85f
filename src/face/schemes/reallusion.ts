import type { Scheme } from './scheme.ts';

/** Character Creator's fifteen visemes of their own ("1:1 pairs", CC3+ and CC4). */
export const REALLUSION: Scheme = {
  id: 'reallusion',
  title: 'Character Creator visemes',
  prefixes: ['', 'V_', 'VIS_'],
  whole: true,
  needs: ['B_M_P', 'F_V', 'W_OO', 'Ah'],
  names: {
    PP: ['B_M_P'],
    FF: ['F_V'],
    TH: ['Th'],
    DD: ['T_L_D_N'],
    kk: ['K_G_H_NG'],
    CH: ['Ch_J'],
    SS: ['S_Z'],
    nn: ['T_L_D_N'],
    RR: ['R'],
    aa: ['Ah'],
    E: ['AE'],
    I: ['Ih'],
    O: ['Oh'],
    U: ['W_OO'],
  },
};

/** Character Creator's expressions that ARKit names otherwise: CC4's, and those of CC3 that are called as no other. */
export const REALLUSION_PARTS: Scheme = {
  id: 'reallusion-parts',
  title: 'Character Creator expressions',
  names: {
    browInnerUp: [
      ['Brow_Raise_Inner_L', 'Brow_Raise_Inner_R'],
      ['Brow_Raise_Inner_Left', 'Brow_Raise_Inner_Right'],
    ],
    browOuterUpLeft: ['Brow_Raise_Outer_L', 'Brow_Raise_Outer_Left'],
    browOuterUpRight: ['Brow_Raise_Outer_R', 'Brow_Raise_Outer_Right'],
    browDownLeft: ['Brow_Drop_L', 'Brow_Drop_Left'],
    browDownRight: ['Brow_Drop_R', 'Brow_Drop_Right'],
    cheekPuff: [
      ['Cheek_Puff_L', 'Cheek_Puff_R'],
      ['Cheek_Blow_L', 'Cheek_Blow_R'],
    ],
    cheekSquintLeft: ['Cheek_Raise_L'],
    cheekSquintRight: ['Cheek_Raise_R'],
    eyeLookUpLeft: ['Eye_L_Look_Up'],
    eyeLookUpRight: ['Eye_R_Look_Up'],
    eyeLookDownLeft: ['Eye_L_Look_Down'],
    eyeLookDownRight: ['Eye_R_Look_Down'],
    eyeLookOutLeft: ['Eye_L_Look_L'],
    eyeLookInLeft: ['Eye_L_Look_R'],
    eyeLookInRight: ['Eye_R_Look_L'],
    eyeLookOutRight: ['Eye_R_Look_R'],
    mouthFunnel: [['Mouth_Funnel_Up_L', 'Mouth_Funnel_Up_R', 'Mouth_Funnel_Down_L', 'Mouth_Funnel_Down_R']],
    mouthPucker: [['Mouth_Pucker_Up_L', 'Mouth_Pucker_Up_R', 'Mouth_Pucker_Down_L', 'Mouth_Pucker_Down_R']],
    mouthRollLower: [['Mouth_Roll_In_Lower_L', 'Mouth_Roll_In_Lower_R'], 'Mouth_Bottom_Lip_Under'],
    mouthRollUpper: [['Mouth_Roll_In_Upper_L', 'Mouth_Roll_In_Upper_R'], 'Mouth_Top_Lip_Under'],
    mouthLowerDown: ['Mouth_Bottom_Lip_Down'],
    mouthUpperUp: ['Mouth_Top_Lip_Up'],
    mouthLowerDownLeft: ['Mouth_Down_Lower_L'],
    mouthLowerDownRight: ['Mouth_Down_Lower_R'],
    mouthUpperUpLeft: ['Mouth_Up_Upper_L'],
    mouthUpperUpRight: ['Mouth_Up_Upper_R'],
  },
};

/**
 * Character Creator's eight lip and seven tongue shapes: `V_Explosive` in CC4, `Explosive` in CC3. The mixes are ours,
 * along Reallusion's table of which shapes make which sound.
 */
export const REALLUSION_EIGHT: Scheme = {
  id: 'reallusion-eight',
  title: 'Character Creator lip shapes',
  prefixes: ['V_', ''],
  whole: true,
  needs: ['Open', 'Explosive', 'Tight_O'],
  names: {},
  mixes: {
    PP: { Explosive: 1 },
    FF: { Dental_Lip: 1 },
    TH: { Open: 0.15, Lip_Open: 0.5, Tongue_Out: 0.6 },
    DD: { Lip_Open: 0.55, Wide: 0.15, Tongue_Up: 1 },
    kk: { Open: 0.15, Lip_Open: 0.5, Tongue_Raise: 1 },
    CH: { Affricate: 1 },
    SS: { Lip_Open: 0.35, Wide: 0.4 },
    nn: { Lip_Open: 0.5, Wide: 0.15, Tongue_Up: 1 },
    RR: { Tight_O: 0.45, Lip_Open: 0.2, Tongue_Curl_U: 0.6 },
    aa: { Open: 0.7 },
    E: { Open: 0.3, Wide: 0.4, Lip_Open: 0.2 },
    I: { Wide: 0.6, Lip_Open: 0.4 },
    O: { Open: 0.3, Tight_O: 0.75 },
    U: { Tight_O: 0.6, Tight: 0.4 },
  },
};
