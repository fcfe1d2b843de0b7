"""The shapes of synthesis and document as JSON: `sent` comes in, `answered` goes out."""
