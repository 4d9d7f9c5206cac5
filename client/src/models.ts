/** Written by `npm run docs` from the server's catalogue: change a model's file there, then run it again. */

/** PixVerse V6, extend */
export interface PixverseV6Extend {
  /** What happens, in Chinese or English. 1 to 2048 characters. */
  prompt: string;
  /** Length of the shorter side. Default: "720p". */
  resolution?: "360p" | "540p" | "720p" | "1080p" | undefined;
  /** Length of the new part in seconds. 1 to 15. Default: 5. */
  duration?: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | undefined;
  /** Adds background sound, effects or speech. Default: false. */
  generate_audio?: boolean | undefined;
  /** What to keep out, separated by commas. At most 2048 characters. */
  negative_prompt?: string | null | undefined;
  /** Look of the video. */
  style?: "anime" | "3d_animation" | "clay" | "comic" | "cyberpunk" | null | undefined;
  /** The same seed repeats a result; null draws one. 0 to 2147483647. */
  seed?: number | null | undefined;
  /** The clip to go on from; the video takes its shape. Some providers hand over the clip with the new part behind it, in the clip's own size. A URL: mp4, mov. */
  video_url: string;
}

/** PixVerse V6, image to video */
export interface PixverseV6ImageToVideo {
  /** What happens, in Chinese or English. 1 to 2048 characters. */
  prompt: string;
  /** The first frame; the video takes its shape. A URL: jpeg, png, webp. */
  image_url: string;
  /** Length of the shorter side. Default: "720p". */
  resolution?: "360p" | "540p" | "720p" | "1080p" | undefined;
  /** Length in seconds. 1 to 15. Default: 5. */
  duration?: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | undefined;
  /** Adds background sound, effects or speech. Default: false. */
  generate_audio?: boolean | undefined;
  /** What to keep out, separated by commas. At most 2048 characters. */
  negative_prompt?: string | null | undefined;
  /** Look of the video. */
  style?: "anime" | "3d_animation" | "clay" | "comic" | "cyberpunk" | null | undefined;
  /** The same seed repeats a result; null draws one. 0 to 2147483647. */
  seed?: number | null | undefined;
  /** Several shots with changes of camera; null is off. */
  generate_multi_clip?: boolean | null | undefined;
  /** Rewrites the prompt always, never, or where it helps; null is auto. */
  thinking_type?: "enabled" | "disabled" | "auto" | null | undefined;
}

/** PixVerse V6, text to video */
export interface PixverseV6TextToVideo {
  /** What the video shows, in Chinese or English. 1 to 2048 characters. */
  prompt: string;
  /** Length of the shorter side. Default: "720p". */
  resolution?: "360p" | "540p" | "720p" | "1080p" | undefined;
  /** Shape of the video, width to height. Default: "16:9". */
  aspect_ratio?: "16:9" | "4:3" | "1:1" | "3:4" | "9:16" | "2:3" | "3:2" | "21:9" | undefined;
  /** Length in seconds. 1 to 15. Default: 5. */
  duration?: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | undefined;
  /** Adds background sound, effects or speech. Default: false. */
  generate_audio?: boolean | undefined;
  /** What to keep out, separated by commas. At most 2048 characters. */
  negative_prompt?: string | null | undefined;
  /** Look of the video. */
  style?: "anime" | "3d_animation" | "clay" | "comic" | "cyberpunk" | null | undefined;
  /** The same seed repeats a result; null draws one. 0 to 2147483647. */
  seed?: number | null | undefined;
  /** Several shots with changes of camera; null is off. */
  generate_multi_clip?: boolean | null | undefined;
  /** Rewrites the prompt always, never, or where it helps; null is auto. */
  thinking_type?: "enabled" | "disabled" | "auto" | null | undefined;
}

/** PixVerse V6, transition */
export interface PixverseV6Transition {
  /** What happens, in Chinese or English. 1 to 2048 characters. */
  prompt: string;
  /** The first frame; cut where it has another shape than the video. A URL: jpeg, png, webp. */
  image_url: string;
  /** Length of the shorter side. Default: "720p". */
  resolution?: "360p" | "540p" | "720p" | "1080p" | undefined;
  /** Length in seconds. 1 to 15. Default: 5. */
  duration?: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | undefined;
  /** Adds background sound, effects or speech. Default: false. */
  generate_audio?: boolean | undefined;
  /** What to keep out, separated by commas. At most 2048 characters. */
  negative_prompt?: string | null | undefined;
  /** Look of the video. */
  style?: "anime" | "3d_animation" | "clay" | "comic" | "cyberpunk" | null | undefined;
  /** The same seed repeats a result; null draws one. 0 to 2147483647. */
  seed?: number | null | undefined;
  /** Several shots with changes of camera; null is off. */
  generate_multi_clip?: boolean | null | undefined;
  /** Rewrites the prompt always, never, or where it helps; null is auto. */
  thinking_type?: "enabled" | "disabled" | "auto" | null | undefined;
  /** The last frame; null leaves the end to the model. A URL: jpeg, png, webp. */
  image_tail_url?: string | null | undefined;
  /** Shape of the video, width to height. Default: "16:9". */
  aspect_ratio?: "16:9" | "4:3" | "1:1" | "3:4" | "9:16" | "2:3" | "3:2" | "21:9" | undefined;
}

/** Veo 3.1 Fast, extend */
export interface Veo31ExtendFast {
  /** How it goes on, in Chinese or English. 1 to 5000 characters. */
  prompt: string;
  /** The clip to go on from, of 720p or 1080p, 16:9 or 9:16. 7 seconds are made; some providers hand over the clip with them behind it. A URL: mp4, mov. */
  video_url: string;
  /** Shape of the video, width to height. Default: "16:9". */
  aspect_ratio?: "16:9" | "9:16" | undefined;
  /** Adds sound. Default: true. */
  generate_audio?: boolean | undefined;
  /** Rewrites a prompt that the provider's policy refuses; null is true. */
  auto_fix?: boolean | null | undefined;
  /** How much the content check lets pass, 1 is the strictest; null leaves it to the model. 1 to 6. */
  safety_tolerance?: 1 | 2 | 3 | 4 | 5 | 6 | null | undefined;
  /** What to keep out, separated by commas. At most 5000 characters. */
  negative_prompt?: string | null | undefined;
  /** The same seed repeats a result; null draws one. 0 to 4294967295. */
  seed?: number | null | undefined;
}

/** Veo 3.1, extend */
export interface Veo31Extend {
  /** How it goes on, in Chinese or English. 1 to 5000 characters. */
  prompt: string;
  /** The clip to go on from, of 720p or 1080p, 16:9 or 9:16. 7 seconds are made; some providers hand over the clip with them behind it. A URL: mp4, mov. */
  video_url: string;
  /** Shape of the video, width to height. Default: "16:9". */
  aspect_ratio?: "16:9" | "9:16" | undefined;
  /** Adds sound. Default: true. */
  generate_audio?: boolean | undefined;
  /** Rewrites a prompt that the provider's policy refuses; null is true. */
  auto_fix?: boolean | null | undefined;
  /** How much the content check lets pass, 1 is the strictest; null leaves it to the model. 1 to 6. */
  safety_tolerance?: 1 | 2 | 3 | 4 | 5 | 6 | null | undefined;
  /** What to keep out, separated by commas. At most 5000 characters. */
  negative_prompt?: string | null | undefined;
  /** The same seed repeats a result; null draws one. 0 to 4294967295. */
  seed?: number | null | undefined;
}

/** Veo 3.1 Fast, first and last frame to video */
export interface Veo31FastFirstLastFrameToVideo {
  /** What happens, in Chinese or English. 1 to 5000 characters. */
  prompt: string;
  /** Shape of the video, width to height. Default: "16:9". */
  aspect_ratio?: "16:9" | "9:16" | undefined;
  /** Length in seconds. Default: 8. */
  duration?: 4 | 6 | 8 | undefined;
  /** Length of the shorter side. Default: "1080p". */
  resolution?: "720p" | "1080p" | "4k" | undefined;
  /** Adds sound. Default: false. */
  generate_audio?: boolean | undefined;
  /** Rewrites a prompt that the provider's policy refuses; null leaves it to the model. */
  auto_fix?: boolean | null | undefined;
  /** How much the content check lets pass, 1 is the strictest; null leaves it to the model. 1 to 6. */
  safety_tolerance?: 1 | 2 | 3 | 4 | 5 | 6 | null | undefined;
  /** Not on this model: only veo-3.1-first-last-frame-to-video has it. */
  enhance_prompt?: null | undefined;
  /** Not on this model: only veo-3.1-first-last-frame-to-video has it. */
  person_generation?: null | undefined;
  /** What to keep out, separated by commas. At most 5000 characters. */
  negative_prompt?: string | null | undefined;
  /** The same seed repeats a result; null draws one. 0 to 4294967295. */
  seed?: number | null | undefined;
  /** The first frame; best with a shorter side of 720 pixels or more, 16:9 or 9:16. A URL: jpeg, png. */
  first_image_url: string;
  /** The last frame; best in the shape of the first one. A URL: jpeg, png. */
  last_image_url: string;
}

/** Veo 3.1 Fast, image to video */
export interface Veo31FastImageToVideo {
  /** What happens, in Chinese or English. 1 to 5000 characters. */
  prompt: string;
  /** The first frame; best with a shorter side of 720 pixels or more, 16:9 or 9:16. A URL: jpeg, png. */
  image_url: string;
  /** Shape of the video, width to height. Default: "16:9". */
  aspect_ratio?: "16:9" | "9:16" | undefined;
  /** Length in seconds. Default: 8. */
  duration?: 4 | 6 | 8 | undefined;
  /** Length of the shorter side. Default: "1080p". */
  resolution?: "720p" | "1080p" | "4k" | undefined;
  /** Adds sound. Default: false. */
  generate_audio?: boolean | undefined;
  /** Rewrites a prompt that the provider's policy refuses; null leaves it to the model. */
  auto_fix?: boolean | null | undefined;
  /** How much the content check lets pass, 1 is the strictest; null leaves it to the model. 1 to 6. */
  safety_tolerance?: 1 | 2 | 3 | 4 | 5 | 6 | null | undefined;
  /** Not on this model: only veo-3.1-image-to-video has it. */
  enhance_prompt?: null | undefined;
  /** Not on this model: only veo-3.1-image-to-video has it. */
  person_generation?: null | undefined;
  /** What to keep out, separated by commas. At most 5000 characters. */
  negative_prompt?: string | null | undefined;
  /** The same seed repeats a result; null draws one. 0 to 4294967295. */
  seed?: number | null | undefined;
}

/** Veo 3.1 Fast, text to video */
export interface Veo31FastTextToVideo {
  /** What happens, in Chinese or English. 1 to 5000 characters. */
  prompt: string;
  /** Shape of the video, width to height. Default: "16:9". */
  aspect_ratio?: "16:9" | "9:16" | undefined;
  /** Length in seconds. Default: 8. */
  duration?: 4 | 6 | 8 | undefined;
  /** Length of the shorter side. Default: "1080p". */
  resolution?: "720p" | "1080p" | "4k" | undefined;
  /** Adds sound. Default: false. */
  generate_audio?: boolean | undefined;
  /** Rewrites a prompt that the provider's policy refuses; null leaves it to the model. */
  auto_fix?: boolean | null | undefined;
  /** How much the content check lets pass, 1 is the strictest; null leaves it to the model. 1 to 6. */
  safety_tolerance?: 1 | 2 | 3 | 4 | 5 | 6 | null | undefined;
  /** Not on this model: only veo-3.1-text-to-video has it. */
  enhance_prompt?: null | undefined;
  /** Not on this model: only veo-3.1-text-to-video has it. */
  person_generation?: null | undefined;
  /** What to keep out, separated by commas. At most 5000 characters. */
  negative_prompt?: string | null | undefined;
  /** The same seed repeats a result; null draws one. 0 to 4294967295. */
  seed?: number | null | undefined;
}

/** Veo 3.1, first and last frame to video */
export interface Veo31FirstLastFrameToVideo {
  /** What happens, in Chinese or English. 1 to 5000 characters. */
  prompt: string;
  /** Shape of the video, width to height. Default: "16:9". */
  aspect_ratio?: "16:9" | "9:16" | undefined;
  /** Length in seconds. Default: 8. */
  duration?: 4 | 6 | 8 | undefined;
  /** Length of the shorter side. Default: "1080p". */
  resolution?: "720p" | "1080p" | "4k" | undefined;
  /** Adds sound. Default: false. */
  generate_audio?: boolean | undefined;
  /** Rewrites a prompt that the provider's policy refuses; null leaves it to the model. */
  auto_fix?: boolean | null | undefined;
  /** How much the content check lets pass, 1 is the strictest; null leaves it to the model. 1 to 6. */
  safety_tolerance?: 1 | 2 | 3 | 4 | 5 | 6 | null | undefined;
  /** Rewrites the prompt for a better result; null leaves it to the model. */
  enhance_prompt?: boolean | null | undefined;
  /** Whether people may be shown; null leaves it to the model. */
  person_generation?: "dont_allow" | "allow_adult" | null | undefined;
  /** What to keep out, separated by commas. At most 5000 characters. */
  negative_prompt?: string | null | undefined;
  /** The same seed repeats a result; null draws one. 0 to 4294967295. */
  seed?: number | null | undefined;
  /** The first frame; best with a shorter side of 720 pixels or more, 16:9 or 9:16. A URL: jpeg, png. */
  first_image_url: string;
  /** The last frame; best in the shape of the first one. A URL: jpeg, png. */
  last_image_url: string;
}

/** Veo 3.1, image to video */
export interface Veo31ImageToVideo {
  /** What happens, in Chinese or English. 1 to 5000 characters. */
  prompt: string;
  /** The first frame; best with a shorter side of 720 pixels or more, 16:9 or 9:16. A URL: jpeg, png. */
  image_url: string;
  /** Shape of the video, width to height. Default: "16:9". */
  aspect_ratio?: "16:9" | "9:16" | undefined;
  /** Length in seconds. Default: 8. */
  duration?: 4 | 6 | 8 | undefined;
  /** Length of the shorter side. Default: "1080p". */
  resolution?: "720p" | "1080p" | "4k" | undefined;
  /** Adds sound. Default: false. */
  generate_audio?: boolean | undefined;
  /** Rewrites a prompt that the provider's policy refuses; null leaves it to the model. */
  auto_fix?: boolean | null | undefined;
  /** How much the content check lets pass, 1 is the strictest; null leaves it to the model. 1 to 6. */
  safety_tolerance?: 1 | 2 | 3 | 4 | 5 | 6 | null | undefined;
  /** Rewrites the prompt for a better result; null leaves it to the model. */
  enhance_prompt?: boolean | null | undefined;
  /** Whether people may be shown; null leaves it to the model. */
  person_generation?: "dont_allow" | "allow_adult" | null | undefined;
  /** What to keep out, separated by commas. At most 5000 characters. */
  negative_prompt?: string | null | undefined;
  /** The same seed repeats a result; null draws one. 0 to 4294967295. */
  seed?: number | null | undefined;
}

/**
 * Veo 3.1 Lite, first and last frame to video
 *
 * 1080p, the default, is made only with a duration of 8: send duration 8, or resolution 720p.
 */
export type Veo31LiteFirstLastFrameToVideo = {
  /** What happens, in Chinese or English. 1 to 5000 characters. */
  prompt: string;
  /** Shape of the video, width to height. Default: "16:9". */
  aspect_ratio?: "16:9" | "9:16" | undefined;
  /** Adds sound. Default: false. */
  generate_audio?: boolean | undefined;
  /** Rewrites a prompt that the provider's policy refuses; null leaves it to the model. */
  auto_fix?: boolean | null | undefined;
  /** Not on this model: only veo-3.1-first-last-frame-to-video and veo-3.1-fast-first-last-frame-to-video have it. */
  safety_tolerance?: null | undefined;
  /** Not on this model: only veo-3.1-first-last-frame-to-video has it. */
  enhance_prompt?: null | undefined;
  /** Not on this model: only veo-3.1-first-last-frame-to-video has it. */
  person_generation?: null | undefined;
  /** What to keep out, separated by commas. At most 5000 characters. */
  negative_prompt?: string | null | undefined;
  /** The same seed repeats a result; null draws one. 0 to 4294967295. */
  seed?: number | null | undefined;
  /** The first frame; best with a shorter side of 720 pixels or more, 16:9 or 9:16. A URL: jpeg, png. */
  first_image_url: string;
  /** The last frame; best in the shape of the first one. A URL: jpeg, png. */
  last_image_url: string;
} & (
  | {
      /** Length in seconds. Default: 8. */
      duration: 4 | 6;
      /** Length of the shorter side; 1080p only with a duration of 8. Default: "1080p". */
      resolution: "720p";
    }
  | {
      /** Length in seconds. Default: 8. */
      duration?: 8 | undefined;
      /** Length of the shorter side; 1080p only with a duration of 8. Default: "1080p". */
      resolution?: "1080p" | "720p" | undefined;
    }
);

/**
 * Veo 3.1 Lite, image to video
 *
 * 1080p, the default, is made only with a duration of 8: send duration 8, or resolution 720p.
 */
export type Veo31LiteImageToVideo = {
  /** What happens, in Chinese or English. 1 to 5000 characters. */
  prompt: string;
  /** The first frame; best with a shorter side of 720 pixels or more, 16:9 or 9:16. A URL: jpeg, png. */
  image_url: string;
  /** Shape of the video, width to height. Default: "16:9". */
  aspect_ratio?: "16:9" | "9:16" | undefined;
  /** Adds sound. Default: false. */
  generate_audio?: boolean | undefined;
  /** Rewrites a prompt that the provider's policy refuses; null leaves it to the model. */
  auto_fix?: boolean | null | undefined;
  /** Not on this model: only veo-3.1-image-to-video and veo-3.1-fast-image-to-video have it. */
  safety_tolerance?: null | undefined;
  /** Not on this model: only veo-3.1-image-to-video has it. */
  enhance_prompt?: null | undefined;
  /** Not on this model: only veo-3.1-image-to-video has it. */
  person_generation?: null | undefined;
  /** What to keep out, separated by commas. At most 5000 characters. */
  negative_prompt?: string | null | undefined;
  /** The same seed repeats a result; null draws one. 0 to 4294967295. */
  seed?: number | null | undefined;
} & (
  | {
      /** Length in seconds. Default: 8. */
      duration: 4 | 6;
      /** Length of the shorter side; 1080p only with a duration of 8. Default: "1080p". */
      resolution: "720p";
    }
  | {
      /** Length in seconds. Default: 8. */
      duration?: 8 | undefined;
      /** Length of the shorter side; 1080p only with a duration of 8. Default: "1080p". */
      resolution?: "1080p" | "720p" | undefined;
    }
);

/**
 * Veo 3.1 Lite, text to video
 *
 * 1080p, the default, is made only with a duration of 8: send duration 8, or resolution 720p.
 */
export type Veo31LiteTextToVideo = {
  /** What happens, in Chinese or English. 1 to 5000 characters. */
  prompt: string;
  /** Shape of the video, width to height. Default: "16:9". */
  aspect_ratio?: "16:9" | "9:16" | undefined;
  /** Adds sound. Default: false. */
  generate_audio?: boolean | undefined;
  /** Rewrites a prompt that the provider's policy refuses; null leaves it to the model. */
  auto_fix?: boolean | null | undefined;
  /** Not on this model: only veo-3.1-text-to-video and veo-3.1-fast-text-to-video have it. */
  safety_tolerance?: null | undefined;
  /** Not on this model: only veo-3.1-text-to-video has it. */
  enhance_prompt?: null | undefined;
  /** Not on this model: only veo-3.1-text-to-video has it. */
  person_generation?: null | undefined;
  /** What to keep out, separated by commas. At most 5000 characters. */
  negative_prompt?: string | null | undefined;
  /** The same seed repeats a result; null draws one. 0 to 4294967295. */
  seed?: number | null | undefined;
} & (
  | {
      /** Length in seconds. Default: 8. */
      duration: 4 | 6;
      /** Length of the shorter side; 1080p only with a duration of 8. Default: "1080p". */
      resolution: "720p";
    }
  | {
      /** Length in seconds. Default: 8. */
      duration?: 8 | undefined;
      /** Length of the shorter side; 1080p only with a duration of 8. Default: "1080p". */
      resolution?: "1080p" | "720p" | undefined;
    }
);

/** Veo 3.1, text to video */
export interface Veo31TextToVideo {
  /** What happens, in Chinese or English. 1 to 5000 characters. */
  prompt: string;
  /** Shape of the video, width to height. Default: "16:9". */
  aspect_ratio?: "16:9" | "9:16" | undefined;
  /** Length in seconds. Default: 8. */
  duration?: 4 | 6 | 8 | undefined;
  /** Length of the shorter side. Default: "1080p". */
  resolution?: "720p" | "1080p" | "4k" | undefined;
  /** Adds sound. Default: false. */
  generate_audio?: boolean | undefined;
  /** Rewrites a prompt that the provider's policy refuses; null leaves it to the model. */
  auto_fix?: boolean | null | undefined;
  /** How much the content check lets pass, 1 is the strictest; null leaves it to the model. 1 to 6. */
  safety_tolerance?: 1 | 2 | 3 | 4 | 5 | 6 | null | undefined;
  /** Rewrites the prompt for a better result; null leaves it to the model. */
  enhance_prompt?: boolean | null | undefined;
  /** Whether people may be shown; null leaves it to the model. */
  person_generation?: "dont_allow" | "allow_adult" | null | undefined;
  /** What to keep out, separated by commas. At most 5000 characters. */
  negative_prompt?: string | null | undefined;
  /** The same seed repeats a result; null draws one. 0 to 4294967295. */
  seed?: number | null | undefined;
}

/**
 * Wan 2.7, image to video
 *
 * image_urls and video_url exclude each other: send pictures, or a clip to go on from.
 *
 * Something to start from is needed: send one or two image_urls, or a video_url.
 *
 * generation_type image-to-video takes exactly 1 URL in image_urls, the first frame.
 *
 * generation_type first-last-frame takes exactly 2 URLs in image_urls, the first frame and the last one.
 *
 * generation_type video-continuation needs video_url, the clip to go on from.
 *
 * audio_url cannot be combined with video_url: leave audio_url out when going on from a clip.
 */
export type Wan27ImageToVideo = {
  /** What happens. At most 5000 characters. */
  prompt?: string | null | undefined;
  /** Length of the whole video in seconds. 2 to 15. Default: 5. */
  duration?: 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | undefined;
  /** Length of the shorter side. Default: "1080p". */
  resolution?: "720p" | "1080p" | undefined;
  /** What to keep out. At most 500 characters. */
  negative_prompt?: string | null | undefined;
  /** The same seed repeats a result; null draws one. 0 to 2147483647. */
  seed?: number | null | undefined;
  /** Rewrites the prompt; null leaves it to the model. */
  enable_prompt_expansion?: boolean | null | undefined;
  /** Checks the content; null leaves it to the model. */
  enable_safety_checker?: boolean | null | undefined;
} & (
  | {
      /** Which of its three ways to work; null takes it from the files given. */
      generation_type?: "video-continuation" | null | undefined;
      /** The first frame, then the last one. The video takes the shape of the first. 1 to 2 URLs: jpeg, png, bmp, webp. */
      image_urls?: null | undefined;
      /** A clip to go on from; never together with image_urls. A URL: mp4, mov. */
      video_url: string;
      /** The sound track; without one the model makes its own. A URL: wav, mp3. */
      audio_url?: null | undefined;
    }
  | {
      /** Which of its three ways to work; null takes it from the files given. */
      generation_type: "image-to-video";
      /** The first frame, then the last one. The video takes the shape of the first. 1 to 2 URLs: jpeg, png, bmp, webp. */
      image_urls: readonly [string];
      /** A clip to go on from; never together with image_urls. A URL: mp4, mov. */
      video_url?: null | undefined;
      /** The sound track; without one the model makes its own. A URL: wav, mp3. */
      audio_url?: string | null | undefined;
    }
  | {
      /** Which of its three ways to work; null takes it from the files given. */
      generation_type: "first-last-frame";
      /** The first frame, then the last one. The video takes the shape of the first. 1 to 2 URLs: jpeg, png, bmp, webp. */
      image_urls: readonly [string, string];
      /** A clip to go on from; never together with image_urls. A URL: mp4, mov. */
      video_url?: null | undefined;
      /** The sound track; without one the model makes its own. A URL: wav, mp3. */
      audio_url?: string | null | undefined;
    }
  | {
      /** Which of its three ways to work; null takes it from the files given. */
      generation_type?: null | undefined;
      /** The first frame, then the last one. The video takes the shape of the first. 1 to 2 URLs: jpeg, png, bmp, webp. */
      image_urls: readonly [string] | readonly [string, string];
      /** A clip to go on from; never together with image_urls. A URL: mp4, mov. */
      video_url?: null | undefined;
      /** The sound track; without one the model makes its own. A URL: wav, mp3. */
      audio_url?: string | null | undefined;
    }
);

/** Wan 2.7, text to video */
export interface Wan27TextToVideo {
  /** What the video shows. 1 to 5000 characters. */
  prompt: string;
  /** The sound track; without one the model makes its own. A URL: wav, mp3. */
  audio_url?: string | null | undefined;
  /** Shape of the video, width to height. Default: "16:9". */
  aspect_ratio?: "16:9" | "9:16" | "1:1" | "4:3" | "3:4" | undefined;
  /** Length in seconds. 2 to 15. Default: 5. */
  duration?: 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | undefined;
  /** Length of the shorter side. Default: "1080p". */
  resolution?: "720p" | "1080p" | undefined;
  /** What to keep out. At most 500 characters. */
  negative_prompt?: string | null | undefined;
  /** The same seed repeats a result; null draws one. 0 to 2147483647. */
  seed?: number | null | undefined;
  /** Rewrites the prompt; null leaves it to the model. */
  enable_prompt_expansion?: boolean | null | undefined;
  /** Checks the content; null leaves it to the model. */
  enable_safety_checker?: boolean | null | undefined;
}

/** The parameters of each model that this version of the server brings along, by the model's id. */
export interface ModelParameters {
  "pixverse-v6-extend": PixverseV6Extend;
  "pixverse-v6-image-to-video": PixverseV6ImageToVideo;
  "pixverse-v6-text-to-video": PixverseV6TextToVideo;
  "pixverse-v6-transition": PixverseV6Transition;
  "veo-3.1-extend-fast": Veo31ExtendFast;
  "veo-3.1-extend": Veo31Extend;
  "veo-3.1-fast-first-last-frame-to-video": Veo31FastFirstLastFrameToVideo;
  "veo-3.1-fast-image-to-video": Veo31FastImageToVideo;
  "veo-3.1-fast-text-to-video": Veo31FastTextToVideo;
  "veo-3.1-first-last-frame-to-video": Veo31FirstLastFrameToVideo;
  "veo-3.1-image-to-video": Veo31ImageToVideo;
  "veo-3.1-lite-first-last-frame-to-video": Veo31LiteFirstLastFrameToVideo;
  "veo-3.1-lite-image-to-video": Veo31LiteImageToVideo;
  "veo-3.1-lite-text-to-video": Veo31LiteTextToVideo;
  "veo-3.1-text-to-video": Veo31TextToVideo;
  "wan-2.7-image-to-video": Wan27ImageToVideo;
  "wan-2.7-text-to-video": Wan27TextToVideo;
}
