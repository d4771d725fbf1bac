//! Pages, mails, the invoice, their words and the code that renders them
