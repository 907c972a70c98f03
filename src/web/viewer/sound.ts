import { signal } from '@preact/signals';

/** What a transcript and its player know of each other. */
export interface Playing {
  /** Position in milliseconds. */
  readonly now: { readonly value: number };
  readonly isPlaying: { readonly value: boolean };
  /** Goes to a position, in milliseconds, and plays. */
  playFrom(milliseconds: number): void;
}

export const speeds = ['0.75', '1', '1.5', '2'] as const;
export type Speed = (typeof speeds)[number];

/** An audio element, as far as a sound uses it. */
export interface Output {
  currentTime: number;
  playbackRate: number;
  defaultPlaybackRate: number;
  readonly paused: boolean;
  play(): Promise<void>;
  pause(): void;
}

/** A recording that is played: its file may have to be fetched first. */
export class Sound implements Playing {
  readonly now = signal(0);
  readonly isPlaying = signal(false);
  /** In milliseconds; 0 while it is not known. */
  readonly length = signal(0);
  readonly speed = signal<Speed>('1');
  private output: Output | null = null;
  private isThere = false;
  private fetchFile: () => void = () => undefined;
  /** Where to play from once the file is there. */
  private wanted: number | null = null;

  /** @param board takes which sound was used last */
  constructor(private readonly board: Soundboard) {}

  /** Takes the element that plays, and what fetches the file. */
  attach(output: Output | null, fetchFile: () => void): void {
    this.output = output;
    this.fetchFile = fetchFile;
  }

  /** The file is there, or is not any more. */
  setThere(isThere: boolean): void {
    this.isThere = isThere;
    if (!isThere || this.wanted === null) return;
    const { wanted } = this;
    this.wanted = null;
    this.start(wanted);
  }

  playFrom(milliseconds: number): void {
    this.board.use(this);
    if (this.isThere) {
      this.start(milliseconds);
      return;
    }
    this.wanted = milliseconds;
    this.fetchFile();
  }

  toggle(): void {
    this.board.use(this);
    // Asked of the element: the page hears of what it does a while later.
    if (this.output?.paused === false) this.output.pause();
    else this.playFrom(this.now.value);
  }

  moveTo(milliseconds: number): void {
    this.board.use(this);
    const end = this.length.value > 0 ? this.length.value : Infinity;
    this.now.value = Math.min(Math.max(0, milliseconds), end);
    if (this.wanted !== null) this.wanted = this.now.value;
    if (this.output) this.output.currentTime = this.now.value / 1000;
  }

  setSpeed(speed: Speed): void {
    this.speed.value = speed;
    if (!this.output) return;
    this.output.playbackRate = Number(speed);
    // An element that gets a file falls back to this one.
    this.output.defaultPlaybackRate = Number(speed);
  }

  private start(milliseconds: number): void {
    this.setSpeed(this.speed.value);
    this.moveTo(milliseconds);
    void this.output?.play().catch(() => (this.isPlaying.value = false));
  }
}

/** The sounds of a page: keys of the page go to one of them. */
export class Soundboard {
  private readonly sounds: Sound[] = [];
  private last: Sound | null = null;

  /** @returns what takes it away */
  add(sound: Sound): () => void {
    this.sounds.push(sound);
    return () => {
      this.sounds.splice(this.sounds.indexOf(sound), 1);
      if (this.last === sound) this.last = null;
    };
  }

  use(sound: Sound): void {
    this.last = sound;
  }

  /** The one that plays, or was used last, or is the first of the page. */
  get current(): Sound | null {
    if (this.last?.isPlaying.value) return this.last;
    const playing = this.sounds.find(({ isPlaying }) => isPlaying.value);
    return playing ?? this.last ?? this.sounds[0] ?? null;
  }
}

export const soundboard = new Soundboard();
