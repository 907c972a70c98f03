import {
  BadgeCheck,
  Check,
  ChartColumn,
  ChevronDown,
  ChevronLeft,
  ChevronRight,
  ChevronUp,
  CircleAlert,
  Clock,
  Contrast,
  Copy,
  CircleX,
  Download,
  Ellipsis,
  EqualApproximately,
  Eye,
  FileText,
  Funnel,
  Globe,
  History,
  Info,
  KeyRound,
  List,
  Lock,
  Mail,
  MessageSquare,
  MessagesSquare,
  Minus,
  Monitor,
  Paperclip,
  Pause,
  Phone,
  Play,
  Printer,
  RotateCcw,
  Search,
  ShieldCheck,
  Smartphone,
  Star,
  TriangleAlert,
  Undo2,
  User,
  Users,
  X,
} from 'lucide';
import type { JSX } from 'preact';

/** Icons by what they mean here. Drawings: Lucide (ISC licence). */
const drawings = {
  alert: CircleAlert,
  approved: BadgeCheck,
  attachment: Paperclip,
  back: ChevronLeft,
  call: Phone,
  chart: ChartColumn,
  chat: MessagesSquare,
  check: Check,
  clock: Clock,
  close: X,
  contrast: Contrast,
  copy: Copy,
  download: Download,
  email: Mail,
  expand: ChevronDown,
  failed: CircleX,
  filter: Funnel,
  history: History,
  info: Info,
  key: KeyRound,
  language: Globe,
  list: List,
  locked: Lock,
  message: MessageSquare,
  more: Ellipsis,
  next: ChevronRight,
  none: Minus,
  note: FileText,
  pause: Pause,
  people: Users,
  person: User,
  phone: Smartphone,
  play: Play,
  previous: ChevronLeft,
  print: Printer,
  retry: RotateCcw,
  screen: Monitor,
  search: Search,
  shield: ShieldCheck,
  similar: EqualApproximately,
  survey: Star,
  undo: Undo2,
  up: ChevronUp,
  view: Eye,
  visit: Globe,
  warning: TriangleAlert,
} as const;

export type IconName = keyof typeof drawings;

/** An icon beside words that say the same, or with a label of its own where there are none. */
export function Icon({ name, label }: { name: IconName; label?: string }): JSX.Element {
  const meaning =
    label === undefined ? { 'aria-hidden': true } : { role: 'img' as const, 'aria-label': label };
  return (
    <svg class="icon" viewBox="0 0 24 24" focusable="false" {...meaning}>
      {drawings[name].map(([Shape, attributes], index) => {
        const Tag = Shape as 'path';
        return <Tag key={index} {...attributes} />;
      })}
    </svg>
  );
}
