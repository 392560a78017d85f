import { type IncomingMessage, request as requestHttp, type ServerResponse } from 'node:http';
import { AnswerLane } from './answer-lane.ts';
import { addressOf, type ProxyWay, passedHeaders } from './proxy-way.ts';

/** Carries one HTTP request through; each piece of the answer's body counts as a message. */
export function passRequest(way: ProxyWay, request: IncomingMessage, response: ServerResponse): void {
  const { record } = way;
  const { refuse, hang } = way.gate().faults;
  const live = {};
  record.asked.push(request.url ?? '/');
  record.live.add(live);
  let whole = false;
  const done = () => {
    whole = true;
  };
  response.on('close', () => {
    record.live.delete(live);
    if (!whole) record.left++;
  });
  const body: Buffer[] = [];
  request.on('data', (piece: Buffer) => body.push(piece));
  request.on('end', () => {
    const asked = Buffer.concat(body);
    record.sent.push({ data: asked, binary: false });
    if (hang) return;
    if (refuse) {
      done();
      response.writeHead(refuse.status, refuse.headers).end(refuse.body);
    } else forward(way, request, response, asked, done);
  });
}

function forward(
  way: ProxyWay,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  done: () => void,
): void {
  const { socket } = request;
  const lane = new AnswerLane(way.gate, {
    send: (data) => response.write(data),
    cut: () => {
      done();
      setImmediate(() => socket.destroySoon()); // What was passed before leaves first.
    },
    close: () => {
      done();
      response.end();
      setImmediate(() => socket.destroySoon());
    },
  });
  const service = requestHttp(
    addressOf(way.target, request),
    { method: request.method, headers: { ...passedHeaders(request.headers), 'content-length': body.length } },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answerHeaders(way, answer)).flushHeaders();
      answer.on('data', (piece: Buffer) => {
        way.record.answers.push({ data: piece, binary: true });
        lane.push(piece, true);
      });
      answer.on('close', () =>
        lane.finally(() => {
          done();
          if (answer.complete) response.end();
          else response.destroy();
        }),
      );
    },
  );
  service.on('error', () => response.destroy());
  response.on('close', () => service.destroy());
  service.end(body);
}

/** The headers of an answer, with its length unless something is put in. */
function answerHeaders(way: ProxyWay, { headers }: IncomingMessage): Record<string, string | string[]> {
  const length = headers['content-length'];
  const whole = length !== undefined && !way.gate().faults.inject;
  return { ...passedHeaders(headers), ...(whole && { 'content-length': length }) };
}
