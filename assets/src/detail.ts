/** How fine a character is made. */
export interface Detail {
  /** Texels across the face's textures, and across the outfit's and the hair's. */
  face: number;
  cloth: number;
  hair: number;
  /** Directions in which light is looked for, at the skin and at the hair. */
  skinRays: number;
  hairRays: number;
}

/** For pictures from close by. */
export const FULL: Detail = { face: 1024, cloth: 1024, hair: 1024, skinRays: 72, hairRays: 32 };

/** For people who stand 3 m away and farther. */
export const LIGHT: Detail = { face: 512, cloth: 512, hair: 512, skinRays: 24, hairRays: 12 };
