/** The subprotocol that clients ask for and the gateway chooses. */
export const SUBPROTOCOL = 'parley.v1';

/** Before a ticket among the subprotocols. */
export const TICKET_PREFIX = 'parley.ticket.';

/** Where the gateway speaks it. */
export const SPEECH_PATH = '/v1/speech';

/** Greatest number of a line. */
export const MAX_LINE = 0xffff_ffff;

/** Most sound that one message may allow, bytes: more than a client can want to hold. */
export const MAX_CREDIT = 0x0100_0000;

/** Largest message of a client, bytes, and the pieces it may come in. */
export const MAX_CLIENT_MESSAGE = 16 * 1024;
export const MAX_CLIENT_FRAGMENTS = 8;

/** How sound is written, in the order of the kinds of frames. */
export const CODECS = ['pcm', 'opus'] as const;

export type Codec = (typeof CODECS)[number];
