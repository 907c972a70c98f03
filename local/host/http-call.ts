import type { IncomingMessage, ServerResponse } from 'node:http';

/** An HTTP request with its body read, and the response to write. */
export interface HttpCall {
  request: IncomingMessage;
  response: ServerResponse;
  method: string;
  url: URL;
  /** Access key that the request carries. */
  key: string | undefined;
  body: Buffer;
}
