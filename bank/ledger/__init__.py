"""The append-only record of every act, as a Merkle tree an outsider can check (RFC 9162)."""
