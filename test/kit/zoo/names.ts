/** What other makers call the targets and bones of the project's characters. */
export const VROID: Readonly<Record<string, string>> = {
  viseme_aa: 'MTH_A',
  viseme_I: 'MTH_I',
  viseme_U: 'MTH_U',
  viseme_E: 'MTH_E',
  viseme_O: 'MTH_O',
  eyeBlinkLeft: 'EYE_Close_L',
  eyeBlinkRight: 'EYE_Close_R',
  mouthSmileLeft: 'ALL_Joy',
  browDownLeft: 'ALL_Angry',
  browInnerUp: 'BRW_Sorrow',
};
export const VROID_BONES: Readonly<Record<string, string>> = {
  LeftEye: 'J_Adj_L_FaceEye',
  RightEye: 'J_Adj_R_FaceEye',
  Neck: 'J_Bip_C_Neck',
};
export const MMD: Readonly<Record<string, string>> = {
  viseme_aa: 'あ',
  viseme_I: 'い',
  viseme_U: 'う',
  viseme_E: 'え',
  viseme_O: 'お',
  eyeBlinkLeft: 'ウィンク２',
  eyeBlinkRight: 'ｳｨﾝｸ２右',
  browInnerUp: '困る',
};
export const MMD_BONES: Readonly<Record<string, string>> = {
  Head: '頭',
  Neck: '首',
  LeftEye: '左目',
  RightEye: '右目',
};

export const FUSE: Readonly<Record<string, string>> = {
  jawOpen: 'MouthOpen',
  eyeBlinkLeft: 'Blink_Left',
  eyeBlinkRight: 'Blink_Right',
  mouthSmileLeft: 'Smile_Left',
  mouthSmileRight: 'Smile_Right',
  mouthLowerDownLeft: 'LowerLipDown_Left',
  mouthLowerDownRight: 'LowerLipDown_Right',
  mouthUpperUpLeft: 'UpperLipUp_Left',
  mouthUpperUpRight: 'UpperLipUp_Right',
  mouthRollLower: 'LowerLipIn',
  mouthRollUpper: 'UpperLipIn',
  mouthPucker: 'MouthNarrow_Left',
  mouthFunnel: 'MouthWhistle_NarrowAdjust_Left',
};
