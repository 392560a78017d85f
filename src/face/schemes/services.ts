import type { Scheme } from './scheme.ts';

/** Each number as `7` and as `07`. */
const numbered = (...ids: number[]): string[] =>
  ids.flatMap((id) => (id < 10 ? [String(id), `0${id}`] : [String(id)]));

/** Azure Speech's viseme ids ("Map phonemes to visemes"), the same as SAPI 5's SPVISEMES. */
export const AZURE: Scheme = {
  id: 'azure',
  title: 'Azure visemes',
  prefixes: ['viseme_', 'viseme_id_', 'v', 'azure_', 'SP_VISEME_'],
  whole: true,
  needs: ['2', '6', '7', '21'],
  names: {
    sil: numbered(0),
    aa: numbered(2),
    O: numbered(8),
    E: numbered(4),
    RR: numbered(13),
    I: numbered(6),
    U: numbered(7),
    nn: numbered(14),
    SS: numbered(15),
    CH: numbered(16),
    TH: numbered(17),
    FF: numbered(18),
    DD: numbered(19),
    kk: numbered(20),
    PP: numbered(21),
  },
};

/** MPFB's pack visemes01: Azure's ids with their phones before them. */
export const MPFB_MICROSOFT: Scheme = {
  id: 'mpfb-microsoft',
  title: 'MPFB visemes01',
  names: {
    sil: ['sil_00'],
    aa: ['aa_02'],
    O: ['ow_08'],
    E: ['ey_eh_uh_04'],
    RR: ['r_13'],
    I: ['y_iy_ih_ix_06'],
    U: ['w_uw_07'],
    nn: ['l_14'],
    SS: ['s_z_15'],
    CH: ['sh_ch_jh_zh_16'],
    TH: ['th_dh_17'],
    FF: ['f_v_18'],
    DD: ['d_t_n_19'],
    kk: ['k_g_ng_20'],
    PP: ['p_b_m_21'],
  },
};

/** Amazon Polly's viseme speech marks: `s` and `S` are different sounds. */
export const POLLY: Scheme = {
  id: 'polly',
  title: 'Polly visemes',
  prefixes: ['', 'viseme_', 'v_', 'polly_'],
  whole: true,
  exact: true,
  needs: ['p', 't', 'T', 's', 'S', 'a'],
  names: {
    sil: ['sil'],
    PP: ['p'],
    DD: ['t'],
    CH: ['S'],
    TH: ['T'],
    FF: ['f'],
    kk: ['k'],
    I: ['i'],
    RR: ['r'],
    SS: ['s'],
    U: ['u'],
    aa: ['a'],
    E: ['e', 'E'],
    O: ['o'],
    nn: ['l'],
  },
};
