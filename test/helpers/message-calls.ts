import type { MessageView } from '../../src/core/messages/kept-messages';
import { read, type Answer, type HttpApp } from './http-app';
import { justification, officerCalls } from './officer-actions';

/** What officers call about the messages of a request, by the address of the request. */
export function messageCalls(app: () => HttpApp) {
  const { get } = officerCalls(app);
  const decide = async <T>(path: string): Promise<Answer<T>> =>
    read<T>(await app().post(path, { justification }, await app().bearer('Requests.Decide')));
  return {
    listOf: async ({ path }: { path: string }): Promise<MessageView[]> =>
      (await get<{ messages: MessageView[] }>(`${path}/messages`)).body.messages,
    textOf: ({ path }: { path: string }, id: string) =>
      decide<{ subject: string; text: string }>(`${path}/messages/${id}/text`),
    again: ({ path }: { path: string }, id: string) =>
      decide<{ message: MessageView }>(`${path}/messages/${id}/send-again`),
  };
}

/** What all parts of a kind have, those of the running app included: for `jest.spyOn`. */
export const classOf = <T extends object>(part: T): T => Object.getPrototypeOf(part) as T;
