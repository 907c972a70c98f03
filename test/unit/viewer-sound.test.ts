import { Sound, Soundboard, type Output } from '../../src/web/viewer/sound';

/** An audio element that tells what was done with it. */
class Element implements Output {
  currentTime = 0;
  playbackRate = 1;
  defaultPlaybackRate = 1;
  paused = true;
  readonly played: number[] = [];
  sound: Sound | null = null;

  play(): Promise<void> {
    this.paused = false;
    this.played.push(this.currentTime);
    if (this.sound) this.sound.isPlaying.value = true;
    return Promise.resolve();
  }
  pause(): void {
    this.paused = true;
    if (this.sound) this.sound.isPlaying.value = false;
  }
  /** What an element does that gets a file. */
  getFile(): void {
    this.currentTime = 0;
    this.playbackRate = this.defaultPlaybackRate;
  }
}

function made(board = new Soundboard(), isThere = false) {
  const [element, sound] = [new Element(), new Sound(board)];
  element.sound = sound;
  const fetched = jest.fn();
  sound.attach(element, fetched);
  sound.setThere(isThere);
  return { element, sound, fetched };
}

describe('a recording whose file is fetched when it is asked for', () => {
  it('plays from where it was asked to once the file is there, and from elsewhere then', () => {
    const { element, sound, fetched } = made();
    sound.playFrom(23_000);
    expect([element.played, fetched.mock.calls.length]).toEqual([[], 1]);
    element.getFile();
    sound.setThere(true);
    expect(element.played).toEqual([23]);
    sound.playFrom(5000);
    sound.playFrom(12_000);
    expect([element.played, fetched.mock.calls.length]).toEqual([[23, 5, 12], 1]);
    // That the page is drawn again plays nothing.
    sound.setThere(true);
    expect(element.played).toHaveLength(3);
  });

  it('plays from where it was moved to while the file was on its way', () => {
    const { element, sound } = made();
    sound.playFrom(5000);
    sound.moveTo(20_000);
    element.getFile();
    sound.setThere(true);
    expect(element.played).toEqual([20]);
  });

  it('is paused and played by turns, however late the page hears of it', () => {
    const { element, sound } = made(new Soundboard(), true);
    element.sound = null;
    const paused = [1, 2, 3].map(() => {
      sound.toggle();
      return element.paused;
    });
    expect(paused).toEqual([false, true, false]);
  });

  it('keeps the speed that was chosen before', () => {
    const { element, sound } = made();
    sound.setSpeed('2');
    sound.toggle();
    element.getFile();
    sound.setThere(true);
    expect(element.playbackRate).toBe(2);
    sound.setSpeed('0.75');
    expect(element.playbackRate).toBe(0.75);
  });

  it('is moved within its length, and is fetched again where it is gone', () => {
    const { element, sound, fetched } = made(new Soundboard(), true);
    sound.length.value = 46_000;
    sound.moveTo(50_000);
    expect([sound.now.value, element.currentTime]).toEqual([46_000, 46]);
    sound.moveTo(-1);
    expect(sound.now.value).toBe(0);
    sound.setThere(false);
    sound.playFrom(1000);
    expect([element.played, fetched.mock.calls.length]).toEqual([[], 1]);
  });
});

describe('keys of a page with several recordings', () => {
  it('go to the one that plays, else to the one that was used last, else to the first', () => {
    const board = new Soundboard();
    const [one, other] = [made(board, true), made(board, true)];
    expect(board.current).toBeNull();
    const [removeOne, removeOther] = [board.add(one.sound), board.add(other.sound)];
    expect(board.current).toBe(one.sound);
    other.sound.toggle();
    expect(board.current).toBe(other.sound);
    one.sound.moveTo(1000);
    expect(board.current).toBe(other.sound);
    other.sound.toggle();
    expect(board.current).toBe(other.sound);
    one.sound.moveTo(2000);
    expect(board.current).toBe(one.sound);
    removeOne();
    expect(board.current).toBe(other.sound);
    removeOther();
    expect(board.current).toBeNull();
  });
});
