/** A set of data in the package: its legal category, and its origin. */
export interface DataSet {
  /** Lower case, as Data Package requires. */
  name: string;
  title: string;
  /** A file of the package, or a pattern where each conversation has its own. */
  path: string;
  /** Art. 15 covers all data; Art. 20 covers what the person provided. */
  articles: ('GDPR Art. 15' | 'GDPR Art. 20')[];
  /** Guidelines on portability (WP 242): provided, observed, or derived from either. */
  provenance: 'provided' | 'observed' | 'derived';
  source: string;
  schema?: string;
}

const access = ['GDPR Art. 15'] as DataSet['articles'];
const both = ['GDPR Art. 15', 'GDPR Art. 20'] as DataSet['articles'];
const conversation = 'data/conversations/*';

/** All sets of data that a package can hold. */
export const dataSets: readonly DataSet[] = [
  {
    name: 'profile',
    title: 'Your profile',
    path: 'data/profile.json',
    articles: both,
    provenance: 'provided',
    source: 'Genesys Cloud external contacts',
  },
  {
    name: 'contact',
    title: 'Your contact records',
    path: 'data/contact.json',
    articles: both,
    provenance: 'provided',
    source: 'Genesys Cloud external contacts',
    schema: 'schemas/records.schema.json',
  },
  {
    name: 'conversation-documents',
    title: 'Conversations: metadata, messages, transcripts, survey answers',
    path: `${conversation}/conversation.json`,
    articles: both,
    provenance: 'observed',
    source: 'Genesys Cloud analytics, conversations, speech and text analytics, quality',
    schema: 'schemas/conversation.schema.json',
  },
  {
    name: 'audio',
    title: 'Recordings of calls',
    path: `${conversation}/audio-*`,
    articles: both,
    provenance: 'observed',
    source: 'Genesys Cloud recordings',
  },
  {
    name: 'captions',
    title: 'Transcripts of calls as captions (WebVTT)',
    path: `${conversation}/transcript-*.vtt`,
    articles: access,
    provenance: 'derived',
    source: 'Genesys Cloud speech and text analytics',
  },
  {
    name: 'screen',
    title: "Recordings of the agent's screen",
    path: `${conversation}/screen-*`,
    articles: access,
    provenance: 'observed',
    source: 'Genesys Cloud recordings',
  },
  {
    name: 'emails',
    title: 'Emails with their attachments (RFC 5322)',
    path: `${conversation}/*.eml`,
    articles: both,
    provenance: 'provided',
    source: 'Genesys Cloud conversations and recordings',
  },
  {
    name: 'attachments',
    title: 'Files that were sent in messages',
    path: `${conversation}/*attachment-*`,
    articles: both,
    provenance: 'provided',
    source: 'Genesys Cloud conversations and recordings',
  },
  {
    name: 'recorded-texts',
    title: 'Recorded chats and messages',
    path: `${conversation}/{chat,recorded-messages}-*.json`,
    articles: both,
    provenance: 'observed',
    source: 'Genesys Cloud recordings',
  },
  {
    name: 'notes',
    title: 'Notes that agents wrote about you',
    path: 'data/notes.json',
    articles: access,
    provenance: 'derived',
    source: 'Genesys Cloud external contacts',
    schema: 'schemas/records.schema.json',
  },
  {
    name: 'website-visits',
    title: "Visits to the company's website",
    path: 'data/website-visits.json',
    articles: both,
    provenance: 'observed',
    source: 'Genesys Cloud journey',
    schema: 'schemas/records.schema.json',
  },
  {
    name: 'campaigns',
    title: 'Your entries in outbound campaigns',
    path: 'data/campaigns.json',
    articles: access,
    provenance: 'observed',
    source: 'Genesys Cloud outbound',
    schema: 'schemas/records.schema.json',
  },
  {
    name: 'audit-trail',
    title: 'Changes to your records',
    path: 'data/audit-trail.json',
    articles: access,
    provenance: 'observed',
    source: 'Genesys Cloud audits',
    schema: 'schemas/records.schema.json',
  },
  {
    name: 'files',
    title: 'Every file, with its id in the source, size and hash',
    path: 'data/files.json',
    articles: access,
    provenance: 'derived',
    source: 'this package',
    schema: 'schemas/files.schema.json',
  },
];
