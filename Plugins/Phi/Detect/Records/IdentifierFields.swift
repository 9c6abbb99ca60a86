internal import FilterKit

/// Names of members, settings and columns that hold an identifier of somebody, without signs between their words: `patNo`, `pat_no`, `PAT NO`.
enum IdentifierFields {
  static let names: [(Kind, String)] = [
    (
      "MRN",
      """
      patno ptno patid uhid urno hospno hospitalno hospitalnumber hospnumber hospitalid hospid chartno chartid chartnum medrecno medrecnum \
      mrno mrnumber mrnno recordno unitno unitnumber folderno foldernumber opno ipno opdno ipdno crno regno umrn cmrn \
      medicalrecord medicalrecordnum externalmrn patientkey patientmrnid patientno patientnum patientidentifier patientref patientcode \
      pacienteid idpaciente prontuario historiaclinica nhc nip patientennr patientennummer fallnr fallnummer dossiernr numerodossier ipp \
      patientnr pasientnummer ptmrn mrn1 mrn2 mrna mrnb hrn hc ptid ptnum ptkey patnum patkey mpi mpiid empiid upi
      """
    ),
    (
      "ID",
      """
      nhsno nhsnumber nhsnum nhs nino ninumber nationalinsurancenumber ppsn ppsno bsn burgerservicenummer pesel cpf cns aadhaar aadhar \
      aadhaarno aadhaarnumber abha abhaid panno pannumber dninumero dni nif codicefiscale codfiscale personnummer fodselsnummer hetu \
      ahvnr ahvnummer steuerid curp tckn tckimlikno kimlikno rrn mynumber hkid nric nricno icno nik ktp cnic civilid emiratesid iqama \
      rnokpp snils cnp rodnecislo egn jmbg oib nationalidnumber idnumber idno nationalidno saidnumber identitynumber identityno passport \
      passportno encounterno encounternumber encounternum encid visitno visitid visitnum accession accessionno accnum accno accessionnum \
      specimenid specimenno sampleid claimno claimnumber claimid claimnum authnumber authno authorizationnumber priorauthnumber referralno \
      referralid clm clmno clmid payericn claimicn subjid subjno subjectno studyno studynumber enrolleeno rxno rxnumber rxid scriptno \
      certno certnumber certificateno employeenum empnum badgeno badgenum badgenumber badgeid proxcard cardid stayid hadmid natid cni qid \
      employeeid employeeno employeenumber empno empid staffid studentid studentno inmateid episodeid episodeno caseno casenumber \
      caseid contactid clientid clientno participantid subjectid studyid userref personid personno itin ein nss chi nhi nhn clinid sid eid
      """
    ),
    (
      "HEALTH_PLAN",
      """
      memberno membernumber memberidno memid membernum subscriberno subscribernumber subscribernum subid policyno policynum \
      insuranceno insurancenumber insurancenum carteirinha numerocarteirinha poliza nopoliza numeropoliza apolice versichertennummer \
      versichertennr kvnr kvnummer ohip ohipno healthcard healthcardno healthcardnumber hcn phn ramq medicareno medicarenumber \
      medicaidno medicaidnumber medicalaidno medicalaidnumber schemeno beneficiaryno insuredid insuredno planmemberid payermemberid mbrid groupno grpno tarjetasanitaria
      """
    ),
    (
      "LICENSE",
      "gmcno gmcnumber gmc nmcpin ahprano providerno providernumber prescriberno licno licensenum licencenumber licenceno deano mcrn hpr rpps"
    ),
    (
      "DEVICE",
      "serialno serialnum serialnr deviceno devicesn udicarrier udifull sensorid sensorserial pumpserial implantserial hubimei imei1 imei2 iccid mac macaddress"
    ),
    ("BIOMETRIC", "templateid fingerprinttemplate voiceprintid voiceprintref faceprint irisid"),
    (
      "VEHICLE",
      "plate plateno platenum licenseplatenumber regplate rego vehiclereg vehicleregistration numberplate kennzeichen placa"
    ),
    (
      "ACCOUNT",
      "acct account accountnum accountid acctnum guarantoraccount guarantorid clabe patientaccount patientacctno har"
    ),
  ]

  /// Names that say something beside others that do.
  static let columns: [(Kind, String)] = [
    ("NAME", "fn ln nm pname ptname"), ("MRN", "chart urn crn hn folder recordnumber recordid"),
    ("ID", "encounter visit claim auth emp badge subj subject barcode"),
    (
      FieldNames.account,
      """
      user usr username userlogin useraccount login loginid loginname userid samaccountname accountname opid operator enteredby createdby \
      updatedby modifiedby changedby voidby voidedby postedby preparedby verifiedby signedby lockedby openedby clerk requestedby
      """
    ),
    ("HEALTH_PLAN", "member subscriber policy"), ("DEVICE", "serial sn"), ("LICENSE", "license licence lic"),
  ]
}
