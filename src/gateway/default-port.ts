/** Port of a gateway that is told none. */
export const DEFAULT_PORT = 8790;
