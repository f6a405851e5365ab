//! Small PDFs, made as a story needs them.

pub(crate) use harness::pdf;

/// Three pages of a textbook that never was, about three things.
pub(crate) fn textbook() -> Vec<u8> {
    pdf(&[
        "Preload is the stretch of the ventricular muscle at the end of diastole, before contraction begins. It rises \
         with venous return and with the volume of the blood. According to the law of Frank and Starling, a larger \
         preload makes the ventricle contract with more force, so that the stroke volume increases. Diuretics and \
         nitrates lower preload.",
        "The loop of Henle concentrates the urine by a countercurrent multiplier. Its thick ascending limb carries \
         sodium, potassium and chloride out of the tubule by one transporter, which furosemide blocks. The collecting \
         duct takes up water under vasopressin through channels of aquaporin.",
        "Takotsubo cardiomyopathy is a sudden weakness of the apex of the heart after emotional stress. It is seen \
         mostly in women after menopause. The coronary arteries are open, and the ventricle recovers within weeks. \
         Catecholamines are thought to stun the muscle.",
    ])
}

/// A file of the reader's own tests.
pub(crate) fn of_the_reader(name: &str) -> Vec<u8> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("ingest/tests/files");
    std::fs::read(folder.join(name)).unwrap()
}
