"""What the pages say, in English and Chinese, one module a section: plain, polite, true."""
