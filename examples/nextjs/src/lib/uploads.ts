// Presigned addresses: browsers send files to the Space themselves, and no patient's file passes through here.
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

import type { Settings } from "./settings.ts";

const SECONDS = 300;

export const ready = ({ key, secret, endpoint, bucket }: Settings["space"]) => Boolean(key && secret && endpoint && bucket);

/** Where to `PUT` it, within five minutes and with that type. */
export async function address(space: Settings["space"], key: string, type: string): Promise<string> {
  const client = new S3Client({
    endpoint: space.endpoint.includes("://") ? space.endpoint : `https://${space.endpoint}`,
    region: space.region,
    credentials: { accessKeyId: space.key, secretAccessKey: space.secret },
    // Of a body that nobody has seen yet there is no checksum.
    requestChecksumCalculation: "WHEN_REQUIRED",
  });
  const put = new PutObjectCommand({ Bucket: space.bucket, Key: key, ContentType: type });
  return getSignedUrl(client, put, { expiresIn: SECONDS, signableHeaders: new Set(["content-type"]) });
}
