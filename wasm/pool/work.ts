// What a worker does with its part, and the calling thread where there is no worker.

import type { Host } from "../host.js";
import { withoutStatus, type EngineModule } from "../native.js";
import type { PartRequest, PartResult } from "./parcel.js";

export function compute(host: Host<EngineModule>, request: PartRequest): PartResult {
  return withoutStatus(host.checked((native) => native.attention(request))) as PartResult;
}
