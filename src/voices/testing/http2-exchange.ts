import {
  type ClientHttp2Session,
  connect,
  constants,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { AnswerLane } from './answer-lane.ts';
import type { ProxyWay } from './proxy-way.ts';

/** Carries one HTTP/2 request through, with a connection of its own to the service. */
export function passStream(way: ProxyWay, stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
  const { record } = way;
  const { refuse, hang } = way.gate().faults;
  const live = {};
  let whole = false;
  let service: ClientHttp2Session | undefined;
  record.asked.push(String(headers[':path']));
  record.live.add(live);
  stream.on('error', () => {}); // `close` follows.
  stream.on('close', () => {
    record.live.delete(live);
    if (!whole) record.left++;
    service?.destroy();
  });
  const done = () => {
    whole = true;
  };
  const body: Buffer[] = [];
  stream.on('data', (piece: Buffer) => body.push(piece));
  stream.on('end', () => {
    const asked = Buffer.concat(body);
    record.sent.push({ data: asked, binary: false });
    if (hang || stream.destroyed) return;
    if (!refuse) {
      service = forward(way, stream, headers, asked, done);
      return;
    }
    done();
    stream.respond({ ':status': refuse.status, ...refuse.headers });
    stream.end(refuse.body);
  });
}

function forward(
  way: ProxyWay,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  body: Buffer,
  done: () => void,
): ClientHttp2Session {
  const lane = new AnswerLane(way.gate, {
    send: (data) => void (stream.writable && stream.write(data)),
    cut: () => {
      done();
      setImmediate(() => stream.session?.destroy()); // What was passed before leaves first.
    },
    close: () => {
      done();
      stream.end();
    },
  });
  const service = connect(way.target.origin);
  const asked = service.request(headers);
  const broken = () => void (stream.destroyed || stream.close(constants.NGHTTP2_INTERNAL_ERROR));
  service.on('error', broken);
  asked.on('error', () => {}); // `close` follows.
  asked.on('response', (answer) => stream.destroyed || stream.respond(answer));
  asked.on('data', (piece: Buffer) => {
    way.record.answers.push({ data: piece, binary: true });
    lane.push(piece, true);
  });
  asked.on('close', () => {
    lane.finally(() => {
      done();
      if (asked.rstCode === constants.NGHTTP2_NO_ERROR) stream.end();
      else broken();
      service.close();
    });
  });
  asked.end(body);
  return service;
}
