/** Fields of what a head knows about a point that it may look at. */
export const SIGHT = {
  /** Turn from straight ahead to the point, radians: to the character's left, and up, as in a pose. */
  yaw: 0,
  pitch: 1,
  /** How far each eye turns inwards so that both meet there, radians. */
  vergence: 2,
  /** How far away it is, in the units of the scene. */
  distance: 3,
} as const;

/** Length of an array with the fields of {@link SIGHT}. */
export const SIGHT_LENGTH = 4;
