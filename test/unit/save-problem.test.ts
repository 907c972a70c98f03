import { missingFrom, stillRefused, type Refused } from '../../src/web/officer/save-problem';

describe('why a decision is not saved', () => {
  it('is the first thing that is missing, and nothing once all is given', () => {
    const given = { isChanged: true, isChosen: true, wasChosen: false, reason: 'Known by ticket.' };
    expect(missingFrom(given)).toBeNull();
    expect(missingFrom({ ...given, reason: ' ' })).toBe('reason');
    expect(missingFrom({ ...given, isChanged: false, reason: '' })).toBe('change');
    expect(missingFrom({ ...given, isChanged: false, isChosen: false, reason: '' })).toBe(
      'contact',
    );
    // How somebody proves who they are can be saved before it is said who they are.
    expect(missingFrom({ ...given, isChosen: false })).toBeNull();
    // Whoever takes a contact back has to say who it is instead: nothing else would take it back.
    expect(missingFrom({ ...given, isChosen: false, wasChosen: true })).toBe('contact');
    expect(missingFrom({ ...given, wasChosen: true })).toBeNull();
  });

  it('is said as long as it is true', () => {
    const byForm = { by: 'form', missing: 'contact' } as const;
    expect(stillRefused(byForm, { missing: 'contact', sends: 'a' })).toBe(byForm);
    // A contact is chosen since; that a reason is missing is said once somebody saves again.
    for (const missing of ['reason', 'change', null] as const)
      expect(stillRefused(byForm, { missing, sends: 'a' })).toBeNull();
    expect(stillRefused(null, { missing: 'reason', sends: 'a' })).toBeNull();
  });

  it('is what the server has said only of what was sent to it', () => {
    const byServer: Refused = { by: 'server', text: 'Not possible.', of: 'a' };
    expect(stillRefused(byServer, { missing: null, sends: 'a' })).toBe(byServer);
    expect(stillRefused(byServer, { missing: null, sends: 'b' })).toBeNull();
  });

  it('is that somebody else was faster until it is saved again, whatever is given since', () => {
    const byOthers: Refused = { by: 'others', text: 'Another one was saved.' };
    for (const missing of ['reason', 'change', null] as const)
      expect(stillRefused(byOthers, { missing, sends: 'b' })).toBe(byOthers);
  });
});
