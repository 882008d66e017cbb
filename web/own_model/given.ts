// From what is typed to something that can be loaded.
import { giveAddress, type Given } from "../runner/given.ts";

export interface Typed {
  readonly address: string;
  readonly revision: string;
  readonly hub: string;
  readonly keep: boolean;
}

/** Of a hub; a revision may stand behind. */
export function isRepository(address: string): boolean {
  return /^[^/@\s:]+\/[^/@\s]+(@\S+)?$/.test(address);
}

export function givenOf({ address, revision, hub, keep }: Typed): Given {
  // The worker that fetches stands elsewhere than the page.
  const isRelative = /^\.{0,2}\//.test(address);
  if (isRelative) return giveAddress(new URL(address, document.baseURI).href, keep ? { keep } : {});
  const isNamed = isRepository(address) && !address.includes("@");
  const asked = revision !== "" && isNamed ? `${address}@${revision}` : address;
  return giveAddress(asked, {
    ...(keep && { keep }),
    ...(hub !== "" && { hub }),
    ...(revision !== "" && !isNamed && { revision }),
  });
}
