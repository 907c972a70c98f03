/** Sends events to another system. */
export interface WebhookSender {
  /**
   * @param id the same when an event is sent again
   * @returns `gone` when the receiver wants no more events
   */
  send(url: string, id: string, body: string): Promise<'delivered' | 'retry' | 'gone'>;
}
