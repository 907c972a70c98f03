import Provider, { type Configuration, type JWK, type KoaContextWithOIDC } from 'oidc-provider';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { officerRoles } from '../../src/core/authentication/officer-roles';
import { clients, programs, strongAcr, tenant } from './clients';
import { ProviderMemory } from './memory';

/**
 * A provider of OpenID Connect on this machine, in place of two: the directory that knows the
 * company's officers (tokens of the shape of Microsoft Entra ID's: `tid`, `oid`, `roles`), and the
 * login of its customers. It asks for no password: whoever signs in says who they are.
 */
export interface ProviderOptions {
  port: number;
  /** Origin of the app, to which browsers are sent back. */
  origin: string;
}

const audience = 'api://officers';

/** Who somebody says they are. It is the id of their account, so that nothing has to be kept. */
const persona = z.object({
  name: z.string().max(100).default('Somebody'),
  email: z.string().max(200).default(''),
  phone: z.string().max(40).default(''),
  isVerified: z.coerce.boolean().default(false),
  roles: z.string().max(200).default(''),
  factor: z.enum(['one', 'two']).default('one'),
});
export type Persona = z.input<typeof persona>;

const accountIdOf = (who: z.output<typeof persona>): string =>
  Buffer.from(JSON.stringify(who)).toString('base64url');
const personaOf = (accountId: string): z.output<typeof persona> =>
  persona.parse(JSON.parse(Buffer.from(accountId, 'base64url').toString('utf8')));

let key: JWK | undefined;
/** The key that signs: made once for all providers of this process, for that takes its time. */
function signingKey(): JWK {
  if (key) return key;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  key = { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'local' };
  return key;
}

/** Seconds for which what the provider issues is valid. */
const ttl = {
  AccessToken: 3600,
  AuthorizationCode: 60,
  ClientCredentials: 3600,
  Grant: 3600,
  IdToken: 3600,
  Interaction: 3600,
  Session: 3600,
};

function configuration({ origin }: ProviderOptions): Configuration {
  const memory = new ProviderMemory();
  return {
    adapter: (model: string) => memory.adapter(model),
    ttl,
    jwks: { keys: [signingKey()] },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    clients: [
      {
        client_id: clients.officers.id,
        client_secret: clients.officers.secret,
        redirect_uris: [`${origin}/portal/officer/callback`],
      },
      {
        client_id: clients.customers.id,
        client_secret: clients.customers.secret,
        redirect_uris: [`${origin}/portal/callback`],
      },
      ...Object.entries(programs).map(([id, { secret }]) => ({
        client_id: id,
        client_secret: secret,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      })),
    ],
    acrValues: [strongAcr],
    conformIdTokenClaims: false,
    claims: {
      // How somebody has signed in stands in every ID token, as Microsoft Entra ID has it.
      openid: ['sub', 'roles', 'oid', 'tid', 'acr', 'amr', 'auth_time'],
      email: ['email', 'email_verified'],
      phone: ['phone_number', 'phone_number_verified'],
      profile: ['name'],
    },
    findAccount: (_context, accountId) => {
      const who = personaOf(accountId);
      return {
        accountId,
        claims: () => ({
          sub: accountId,
          oid: accountId,
          tid: tenant,
          name: who.name,
          roles: who.roles.split(' ').filter((role) => role !== ''),
          ...(who.email === '' ? {} : { email: who.email, email_verified: who.isVerified }),
          ...(who.phone === ''
            ? {}
            : { phone_number: who.phone, phone_number_verified: who.isVerified }),
        }),
      };
    },
    loadExistingGrant: async (context) => {
      const { client, account, provider } = context.oidc;
      const grant = new provider.Grant({
        clientId: client?.clientId ?? '',
        accountId: account?.accountId ?? '',
      });
      grant.addOIDCScope('openid email phone profile');
      await grant.save();
      return grant;
    },
    interactions: { url: (_context, interaction) => `/sign-in/${interaction.uid}` },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: (context) =>
          context.oidc.params?.['grant_type'] === 'client_credentials' ? audience : [],
        getResourceServerInfo: () => ({
          scope: '',
          audience,
          accessTokenTTL: 3600,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    extraTokenClaims: (_context, token) => {
      const id = (token as { clientId?: string }).clientId ?? '';
      const program = programs[id];
      return program
        ? { tid: tenant, oid: `program-${id}`, azp: id, idtyp: 'app', roles: program.roles }
        : {};
    },
  };
}

/** The page on which somebody says who they are. */
const page = (uid: string, client: string): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Sign in (simulated)</title>
<style>body{font:1rem/1.5 system-ui;max-width:28rem;margin:2rem auto;padding:0 1rem}label{display:block;margin:.75rem 0}input,select{font:inherit;width:100%;box-sizing:border-box;padding:.5rem}input[type=checkbox]{width:auto}</style>
<h1>Sign in (simulated)</h1><p>This stands in for the login of ${client === clients.officers.id ? 'the company’s officers' : 'its customers'}. Say who you are.</p>
<form method="post" action="/sign-in/${uid}">
<label>Name <input name="name" value="Somebody"></label>
${
  client === clients.officers.id
    ? `<label>Roles <input name="roles" value="${officerRoles.join(' ')}"></label>`
    : `<label>Email <input name="email" type="email"></label><label>Phone <input name="phone"></label>
<label><input name="isVerified" type="checkbox" value="true" checked> verified</label>`
}
<label>Factors <select name="factor"><option value="two">two</option><option value="one">one</option></select></label>
<button>Sign in</button></form></html>`;

/** Serves the sign-in page beside the provider's own routes. */
async function signInPage(
  provider: Provider,
  context: KoaContextWithOIDC,
  next: () => Promise<void>,
): Promise<void> {
  if (!context.path.startsWith('/sign-in/')) return next();
  const details = await provider.interactionDetails(context.req, context.res);
  if (context.method !== 'POST') {
    context.type = 'html';
    context.body = page(details.uid, String(details.params['client_id']));
    return;
  }
  const given = new URLSearchParams(await text(context.req));
  const who = persona.parse(Object.fromEntries(given));
  const isStrong = who.factor === 'two';
  context.respond = false;
  await provider.interactionFinished(context.req, context.res, {
    login: {
      accountId: accountIdOf(who),
      amr: isStrong ? ['pwd', 'otp', 'mfa'] : ['pwd'],
      ...(isStrong ? { acr: strongAcr } : {}),
    },
  });
}

export interface RunningProvider {
  issuer: string;
  stop(): Promise<void>;
}

/** Starts the provider on 127.0.0.1; port 0 takes a free one. */
export async function startProvider(options: ProviderOptions): Promise<RunningProvider> {
  // The issuer is a part of the provider, so a free port has to be known before.
  const issuer = `http://127.0.0.1:${options.port}`;
  const provider = new Provider(issuer, configuration(options));
  provider.use((context, next) => signInPage(provider, context as KoaContextWithOIDC, next));
  const server = await new Promise<Server>((done, fail) => {
    const listening: Server = provider.listen(options.port, '127.0.0.1', () => done(listening));
    listening.once('error', fail);
  });
  const { port } = server.address() as AddressInfo;
  return {
    issuer: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}
