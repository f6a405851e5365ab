import { Component, type ReactNode, Suspense } from "react";

interface Props {
  /** Shown while it is on its way. */
  fallback?: ReactNode;
  /** Shown in its place where it does not come; `again` shows it once more. */
  failed: (error: unknown, again: () => void) => ReactNode;
  children: ReactNode;
}

/** Around a part of a page that is fetched when it is shown: what goes wrong with it stays in its place. */
export class Loads extends Component<Props, { error?: unknown }> {
  override state: { error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { fallback, failed, children } = this.props;
    if (this.state.error !== undefined)
      return failed(this.state.error, () => this.setState({ error: undefined }));
    return <Suspense fallback={fallback}>{children}</Suspense>;
  }
}
