import type { Contact } from '../../src/core/subject/contact';

/** A merged contact with an identifier of every kind, one of them former. */
export const contactWithAllIdentifiers: Contact = {
  id: 'c1',
  firstName: 'A',
  lastName: 'B',
  mergeSet: ['c1', 'c0'],
  phones: [{ number: '+491511234567', receivesSms: true }],
  createdAt: null,
  emails: ['a@b.example'],
  handles: [
    { type: 'facebook', value: '777' },
    { type: 'whatsapp', value: '+491511234567' },
  ],
  former: [{ type: 'phone', value: '+4930555' }],
};
