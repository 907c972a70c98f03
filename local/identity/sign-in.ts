import { programs } from './clients';
import type { Persona } from './provider';

/** Cookies of one browser at one site. */
class Jar {
  private readonly cookies = new Map<string, string>();

  take(response: Response): void {
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const at = pair.indexOf('=');
      this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
  }

  get header(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }
}

/**
 * Does what a browser does at the provider: signs in as somebody.
 * @param url where the app sends the browser
 * @returns the address that the provider sends it back to
 */
export async function signIn(url: string, who: Persona): Promise<string> {
  const { origin } = new URL(url);
  const jar = new Jar();
  let next = url;
  for (let hops = 0; hops < 10; hops += 1) {
    const isForm = new URL(next).pathname.startsWith('/sign-in/');
    const response = await fetch(next, {
      redirect: 'manual',
      headers: {
        cookie: jar.header,
        ...(isForm ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}),
      },
      ...(isForm
        ? {
            method: 'POST',
            body: new URLSearchParams(
              Object.entries(who).map(([name, value]): [string, string] => [
                name,
                value === false ? '' : String(value),
              ]),
            ).toString(),
          }
        : {}),
    });
    jar.take(response);
    const location = response.headers.get('location');
    if (location === null)
      throw new Error(`The provider answered ${response.status}: ${await response.text()}`);
    next = new URL(location, origin).href;
    if (new URL(next).origin !== origin) return next;
  }
  throw new Error('The provider redirects the browser in a loop.');
}

/** An access token of a program of the company. */
export async function programToken(issuer: string, program: string): Promise<string> {
  const secret = programs[program]?.secret ?? '';
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: {
      Authorization: `Basic ${Buffer.from(`${program}:${secret}`).toString('base64')}`,
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  });
  const { access_token: token } = (await response.json()) as { access_token?: string };
  if (token === undefined) throw new Error(`There is no token for ${program}.`);
  return token;
}
