import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadLocales } from '../../src/adapters/locales';
import { textsOf, type LocaleText } from '../helpers/locale-texts';
import { root } from '../helpers/root';

/** The words that docs/glossary.md agrees on for each language, held against the texts. */
const locales = loadLocales(null);
const tags = ['en', 'de', 'es', 'fr', 'it', 'nl'] as const;
type Tag = (typeof tags)[number];

const texts = Object.fromEntries(tags.map((tag) => [tag, textsOf(locales[tag] ?? {})])) as Record<
  Tag,
  LocaleText[]
>;

/** Texts in which each term stands, in every language: those at these paths, and below them. */
const places: Record<string, string> = {
  request: 'officer.aRequest portal.intake.check.send officer.actions.cancel.title',
  conversation:
    'viewer.nav.conversations report.kinds.conversation.label report.kinds.conversation.one officer.kinds.conversation',
  recording:
    'viewer.recording processing.kinds.recordings officer.kinds.audio officer.kinds.screen portal.kinds.calls',
  transcript:
    'report.kinds.transcript.label report.absent.transcript officer.kinds.transcript processing.kinds.transcripts',
  summary: 'viewer.summaryTitle report.absent.summary officer.kinds.summary',
  sentiment: 'report.kinds.sentiment.label report.leftOutNames.sentiment officer.kinds.sentiment',
  evaluation: 'report.kinds.evaluation.one officer.kinds.evaluation',
  'secure attributes':
    'report.kinds.secureAttributes.label report.leftOutNames.secureAttributes officer.kinds.secureAttributes',
  'message thread':
    'viewer.contacts.message.one portal.ready.channels.message.one officer.kinds.message',
  'web chat': 'viewer.contacts.chat.one report.kinds.chat.label officer.kinds.chat',
  attachments: 'viewer.attachments officer.kinds.attachment',
  survey: 'processing.kinds.surveys viewer.columns.survey',
  'audit trail': 'report.kinds.auditQuery.label officer.kinds.auditQuery',
  'contact record': 'processing.kinds.contact officer.kinds.contact',
  identifier: 'report.identifiersNotSearched.one',
  agent: 'viewer.agent viewer.speakers.agent',
  queue: 'officer.doubtful.columns.queue',
  'contact centre': 'report.divisionsUnproven report.madeOn',
  source: 'report.nothingMissing report.reasons.noTranscript',
  withheld: 'officer.collected.withheld.one',
  'left out': 'report.leftOut report.sections.leftOut',
  masked: 'report.redacted',
  gaps: 'report.verdict.gaps.one officer.actions.acceptGaps.confirm',
  'data availability report': 'report.title',
  package: 'officer.package.title check.title viewer.noConversations',
  passphrase:
    'check.passphrase portal.ready.passphrase.show officer.delivered.passphrase officer.handOver.given',
  person: 'officer.custody.who.person',
  'privacy officer':
    'report.why.rightsOfOthers officer.methodNames.officer officer.custody.who.officer',
  mandate: 'officer.actions.mandate.mandate',
  'step-up': 'officer.actions.identity.confirm',
  'verification code': 'portal.verify.sms.send officer.code.name',
  'recovery code': 'portal.enrol.recoveryTitle',
  'authenticator app':
    'portal.verify.totp.name officer.methodNames.totp officer.custody.events.authenticatorEnrolled',
  'text message': 'portal.verify.sms.name officer.methodNames.sms',
  'doubtful conversations': 'officer.decided.conversations officer.custody.events.doubtfulSettled',
  include: 'officer.doubtful.include officer.keys.decideLong',
  'hand-over': 'officer.handOver.title officer.handOver.approve',
  approve: 'officer.handOver.approve',
  release: 'officer.actions.acceptGaps.title',
  recall: 'officer.actions.recall.confirm officer.actions.recall.title',
  withdrawn: 'messages.recalled.text portal.endings.recalled.title',
  'custody record': 'officer.tabs.custody officer.custody.caption',
  'clean-up': 'officer.messages.templates.cleanupOverdue',
  deadline: 'officer.deadline.title officer.queue.columns.deadline',
  extend: 'officer.actions.extend.title',
  refuse: 'officer.actions.refuse.title',
  cancel: 'officer.actions.cancel.title',
  retry: 'officer.actions.retry.title',
  'supervisory authority':
    'portal.endings.complain.gdpr messages.rights processing.rights.complaint',
  complaint: 'portal.endings.find.ukGdpr',
  reference: 'portal.endings.reference',
  'ticketing system': 'officer.channels.webhook officer.messages.recipients.ticketSystem',
};

const [, section = ''] = readFileSync(join(root, 'docs/glossary.md'), 'utf8').split(
  '\n## Words in six languages\n',
);
const terms = [...section.matchAll(/^\| (.+) \|$/gm)]
  .map(([, row = '']) => row.split('|').map((cell) => cell.trim()))
  .slice(2);

/** What of a text remains in every form of its words: without accents, and without their ends. */
const plain = (text: string): string =>
  text.toLowerCase().normalize('NFD').replaceAll(/\p{M}/gu, '');
/** How many letters at the end of a word its forms may change: of a short one fewer. */
function lengthOfEnd({ length }: string): number {
  if (length <= 3) return 0;
  if (length <= 5) return 1;
  return length <= 7 ? 2 : 3;
}
/** Languages in which a word may stand behind another one, in a compound. */
const compounding: readonly Tag[] = ['de', 'nl'];
/** What finds each word of a term, in any of its forms: at the beginning of a word, or in a compound. */
const stems = (term: string, tag: Tag): RegExp[] =>
  plain(term)
    .split(' ')
    .map((word) => {
      // A short stem is found in other words by chance.
      const isAnywhere = compounding.includes(tag) && word.length > 5;
      const stem = word.slice(0, word.length - lengthOfEnd(word));
      return new RegExp(`${isAnywhere ? '' : '(?<!\\p{L})'}${stem}`, 'u');
    });

/** A password is another thing than the passphrase of a package. */
const passwords = ['officer.decision.methodText.oidc', 'report.grounds.secrets'];

/** Words that the texts of a language do not use, because another one is agreed on for the same thing. */
const rejected: Record<Tag, [instead: string, word: RegExp, but?: string[]][]> = {
  en: [
    ['conversation', /interaction/i],
    ['passphrase', /password/i, passwords],
  ],
  de: [
    ['Gespräch', /Vorg[aä]ng/],
    ['Aufnahme', /Bildschirmaufzeichnung|Aufzeichnungen von Anrufen|Mitschnitt/],
    ['Abschrift', /Transkript/],
    ['Datenschutz-Team', /Datenschutzbeauftragt|Datenschutzstelle|der Datenschutz\b/i],
    ['Datenschutzaufsichtsbehörde', /Datenschutz-Aufsicht/],
    ['Authenticator-App', /Authentifizierungs-App/],
    ['Kennwort', /Passphrase|Passwort/, passwords],
    ['Webchat', /Web-Chat/],
    ['fraglich', /zweifelhaft/i],
    ['einbeziehen', /(?:Gespräch|\{included\}) aufnehmen|\{included\} aufgenommen/],
    ['geschützte Attribute', /sichere[nr]? Attribute/i],
    ['Identität bestätigen', /sich (?:die Person )?ausweis|ausgewiesen/],
    ['Signatur', /Unterschrift/],
  ],
  es: [
    ['conversación', /interacci/i],
    ['frase de contraseña', /(?<!frase de )contraseña/i, passwords],
    ['tono', /sentimiento/i],
    ['historial de cambios', /registro de cambios/i],
    ['atributos protegidos', /atributos seguros/i],
    ['fuente', /en el origen/i],
    ['poner a disposición', /public(?:ar|ado|ó)/i],
    ['lagunas', /las faltas|^Faltas/],
    ['SMS', /mensaje de texto/i],
  ],
  fr: [
    ['conversation', /interaction/i],
    ['responsable de la protection des données', /délégué|service de protection/i],
    ['non communiqué', /reten(?:u|ir)/i],
    ['mettre à disposition', /publi(?:er|é)\b/i],
    ['lacunes', /les manques|^Manques/],
    ['réclamation', /plainte/i],
    ['tonalité', /sentiment/i],
    ['attributs protégés', /attributs sécurisés/i],
    ['chat en ligne', /chats? web/i],
    ['phrase secrète', /mots? de passe|passphrase/i, passwords],
  ],
  it: [
    ['conversazione', /interazion/i],
    ['responsabile della privacy', /responsabil[ei] della protezione/i],
    ['fonte', /nell’origine/i],
    ['passphrase', /password|frase segreta/i, passwords],
    ['regole dell’azienda', /policy/i],
  ],
  nl: [
    ['gesprek', /contactmoment/i],
    ['telefoongesprek', /oproep/i],
    ['transcriptie', /uitgeschreven tekst/i],
    ['privacyfunctionaris', /privacymedewerker/i],
    ['contactkaart', /contactrecord|\brecords?\b/i],
    ['logboek', /dossier/i],
    ['onherkenbaar gemaakt', /afgeschermd/i],
    ['hiaten', /leemte|gaten\b/i],
    ['toezichthouder voor gegevensbescherming', /toezichthoudende autoriteit/i],
    ['meenemen', /gesprek opnemen|\{included\} opgenomen/i],
    ['status', /naar stand|nieuwe stand/i],
    ['wachtwoordzin', /wachtwoord(?!zin)|passphrase/i, passwords],
  ],
};

describe('the words of the glossary', () => {
  it('are those of docs/glossary.md, each with its places', () => {
    expect(Object.keys(places).sort()).toEqual(terms.map(([term]) => term).sort());
  });

  it.each(terms)('are used in every language: %s', (term, _, ...words) => {
    const paths = (places[term] ?? '').split(' ');
    const missing = tags.flatMap((tag, i) =>
      paths.flatMap((path) => {
        const found = texts[tag].filter(([one]) => one === path || one.startsWith(`${path}.`));
        const isThere = found.some(([, text]) =>
          stems(words[i] ?? '', tag).every((stem) => stem.test(plain(text))),
        );
        return isThere ? [] : [{ tag, path, word: words[i], found }];
      }),
    );
    expect(missing).toEqual([]);
  });

  it.each(
    tags.flatMap((tag) =>
      rejected[tag].map(([instead, word, but = []]) => [tag, instead, word, but] as const),
    ),
  )('have no second word beside them in %s: %s', (tag, _, word, but) => {
    const found = texts[tag].filter(([path, text]) => word.test(text) && !but.includes(path));
    expect(found).toEqual([]);
  });
});
