//! Renewals, collection, dunning, mails and documents in the background
