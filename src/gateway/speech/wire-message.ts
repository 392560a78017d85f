/** A message of WebSocket with its header (RFC 6455, section 5.2), as it goes to any number of clients. Not to be written to. */
export type WireMessage = Buffer & { readonly whole: true };

/** First byte of a message that is whole: of text, and of bytes. */
const TEXT = 0x81;
const BINARY = 0x82;

/** Greatest lengths of a payload that are told in seven bits, and in 16. */
const SHORT = 125;
const MIDDLE = 0xffff;

export function textMessage(text: string): WireMessage {
  const length = Buffer.byteLength(text);
  const bytes = headed(TEXT, length);
  bytes.write(text, bytes.length - length);
  return bytes;
}

export function binaryMessage(bytes: Uint8Array): WireMessage {
  const message = headed(BINARY, bytes.length);
  message.set(bytes, message.length - bytes.length);
  return message;
}

/** A server's messages are not masked, so that one is the same for all. */
function headed(first: number, length: number): WireMessage {
  const header = length <= SHORT ? 2 : length <= MIDDLE ? 4 : 10;
  const bytes = Buffer.allocUnsafe(header + length);
  bytes[0] = first;
  bytes[1] = header === 2 ? length : header === 4 ? SHORT + 1 : SHORT + 2;
  if (header === 4) bytes.writeUInt16BE(length, 2);
  if (header === 10) bytes.writeBigUInt64BE(BigInt(length), 2);
  return bytes as WireMessage;
}
