// What a worker does with its share, and the calling thread where there is no worker.

import type { Host } from "../host.js";
import { withoutStatus, type EngineModule } from "../native.js";
import type { PartRequest, PartResult } from "./parts.js";

export function compute(host: Host<EngineModule>, requests: readonly PartRequest[]): PartResult[] {
  return requests.map(
    (request) => withoutStatus(host.checked((native) => native.attention(request))) as PartResult,
  );
}
