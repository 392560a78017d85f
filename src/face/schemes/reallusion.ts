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

/**
 * Character Creator's expressions that ARKit names otherwise, and its eight lip and seven tongue shapes. The mixes are
 * ours, along Reallusion's table of which shapes make which sound.
 */
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
    cheekPuff: [['Cheek_Puff_L', 'Cheek_Puff_R']],
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
    mouthRollLower: [['Mouth_Roll_In_Lower_L', 'Mouth_Roll_In_Lower_R']],
    mouthRollUpper: [['Mouth_Roll_In_Upper_L', 'Mouth_Roll_In_Upper_R']],
    mouthLowerDownLeft: ['Mouth_Down_Lower_L'],
    mouthLowerDownRight: ['Mouth_Down_Lower_R'],
    mouthUpperUpLeft: ['Mouth_Up_Upper_L'],
    mouthUpperUpRight: ['Mouth_Up_Upper_R'],
  },
  mixes: {
    PP: { V_Explosive: 1 },
    FF: { V_Dental_Lip: 1 },
    TH: { V_Open: 0.15, V_Lip_Open: 0.5, V_Tongue_Out: 0.6 },
    DD: { V_Lip_Open: 0.55, V_Wide: 0.15, V_Tongue_up: 1 },
    kk: { V_Open: 0.15, V_Lip_Open: 0.5, V_Tongue_Raise: 1 },
    CH: { V_Affricate: 1 },
    SS: { V_Lip_Open: 0.35, V_Wide: 0.4 },
    nn: { V_Lip_Open: 0.5, V_Wide: 0.15, V_Tongue_up: 1 },
    RR: { V_Tight_O: 0.45, V_Lip_Open: 0.2, V_Tongue_Curl_U: 0.6 },
    aa: { V_Open: 0.7 },
    E: { V_Open: 0.3, V_Wide: 0.4, V_Lip_Open: 0.2 },
    I: { V_Wide: 0.6, V_Lip_Open: 0.4 },
    O: { V_Open: 0.3, V_Tight_O: 0.75 },
    U: { V_Tight_O: 0.6, V_Tight: 0.4 },
  },
};
