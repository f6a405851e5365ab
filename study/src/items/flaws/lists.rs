//! Word lists of the checks.

/// Words that make a statement absolute, and so most often wrong.
pub(super) const ABSOLUTE: &str = "\
    absolutely all always completely entirely every everyone exclusively impossible invariably must never \
    nobody none solely totally unfailingly";

/// Verbs that begin an instruction. Those that are nouns as well, such as "increase", are left out.
pub(super) const INSTRUCTIONS: &str = "\
    add administer admit advise apply ask assess avoid begin call check consult continue counsel decline \
    defer discharge disclose discontinue discuss disregard encourage evaluate explain give inform initiate \
    insert intubate measure monitor observe obtain offer perform prepare prescribe provide reassure \
    recommend refer refuse remove report send start stop tell transfuse treat";

/// Verbs that make a sentence of a phrase.
pub(super) const FINITE: &str = "\
    are can causes could did do does had has have indicates is may might must reflects should suppresses was \
    were will would";

/// Words after which a verb or a "not" is of a clause, and neither the option's nor what is asked.
pub(super) const CLAUSES: &str = "because how if since that when where which while who whose why";

/// Words that a sentence begins with rather than a phrase.
pub(super) const SUBJECTS: &str = "a an he her his it one patients she the their there they this";
