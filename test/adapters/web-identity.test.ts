import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { credentialsOf } from '../../src/adapters/bucket/s3';

describe('credentials of AWS', () => {
  it('are those of a role, for a token of the identity of the app, and no key is stored', async () => {
    const asked: URLSearchParams[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        asked.push(new URLSearchParams(body));
        // As AWS STS answers AssumeRoleWithWebIdentity.
        response.writeHead(200, { 'Content-Type': 'text/xml' })
          .end(`<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<AssumeRoleWithWebIdentityResult><Credentials>
<AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>
<SessionToken>session</SessionToken><Expiration>2036-01-01T00:00:00Z</Expiration>
</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`);
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    try {
      const arn = 'arn:aws:iam::123456789012:role/recordings-reader';
      const { port } = server.address() as AddressInfo;
      const role = {
        arn,
        token: () => Promise.resolve('token-of-the-identity'),
        stsEndpoint: `http://127.0.0.1:${port}`,
      };
      expect(await credentialsOf(role, 'eu-central-1')()).toMatchObject({
        accessKeyId: 'ASIAEXAMPLE',
        sessionToken: 'session',
        expiration: new Date('2036-01-01T00:00:00Z'),
      });
      expect(asked).toHaveLength(1);
      expect(Object.fromEntries(asked[0] ?? [])).toMatchObject({
        Action: 'AssumeRoleWithWebIdentity',
        RoleArn: arn,
        WebIdentityToken: 'token-of-the-identity',
      });
    } finally {
      await new Promise((done) => server.close(done));
    }
  });
});
